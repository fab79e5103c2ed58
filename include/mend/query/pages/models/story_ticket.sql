-- model: story_ticket
-- grain: one ticket that was opened in the month for a customer
-- inputs: core_ticket, person_of_customer
-- share: customer_id
with
final as (
    select
        coalesce(person_of_customer.person_id, core_ticket.customer_id) as customer_id, ticket_id, kind_code, tier,
        topic_code, opened_at, promised_at, suspended_until, resolved_at, closed_at, is_resolved, department_code,
        reopen_count, is_escalated
    from core_ticket
    left join person_of_customer on core_ticket.customer_id = person_of_customer.customer_id
    where core_ticket.customer_id is not null
)
select * from final
