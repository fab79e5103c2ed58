-- model: story_contact
-- grain: one contact of the month with a customer
-- inputs: core_contact, grumble, person_of_customer
-- share: customer_id
-- The contact under the id by which the customer goes, with what they grumbled about in it.
with
final as (
    select
        coalesce(person_of_customer.person_id, core_contact.customer_id) as customer_id, core_contact.contact_id,
        core_contact.started_at, direction_code, touchpoint_code, core_contact.topic_code, outcome, is_resolved,
        grumble.grumble_type_code, grumble.is_solved as is_grumble_solved, grumble.grumble_id is not null as is_grumble
    from core_contact
    left join grumble on grumble.source_kind_code = 'contact' and grumble.source_id = core_contact.contact_id
    left join person_of_customer on core_contact.customer_id = person_of_customer.customer_id
    where core_contact.customer_id is not null
)
select * from final
