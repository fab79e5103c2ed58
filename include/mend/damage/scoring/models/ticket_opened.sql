-- model: ticket_opened
-- grain: one contact that tickets name
-- inputs: core_ticket
-- share: contact_id via core_contact
-- When the tickets of a contact were opened.
with
ticket as (select contact_id, epoch_us(opened_at) as opened_us from core_ticket where contact_id is not null),
final as (select contact_id, list(opened_us) as opened_us from ticket group by contact_id)
select * from final
