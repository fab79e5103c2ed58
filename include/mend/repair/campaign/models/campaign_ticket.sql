-- model: campaign_ticket
-- grain: one customer with an open complaint or a suspended ticket
-- inputs: ticket_file, complaint_file, person_of_customer
-- share: customer_id
-- params: at, network_types
-- Open at the moment: filed by then, and not closed by then, or reopened since. A ticket that says nothing of its end
-- is open, unless its status says that it is closed.
with
ticket as (
    select
        coalesce(person_of_customer.person_id, ticket_file.customer_id) as customer_id,
        ticket_file.ticket_id,
        ticket_file.kind_code = 'complaint' as is_complaint,
        coalesce(ticket_file.status_code = 'suspended' and ticket_file.suspended_at is null, false)
            or coalesce(ticket_file.suspended_at < $at, false)
            and coalesce(ticket_file.suspended_until >= $at, ticket_file.status_code = 'suspended', false)
            as is_suspended
    from ticket_file
    left join person_of_customer on ticket_file.customer_id = person_of_customer.customer_id
    where ticket_file.customer_id is not null and ticket_file.opened_at < $at
        and case
            when ticket_file.closed_at is null then coalesce(ticket_file.status_code <> 'closed', true)
            else ticket_file.closed_at >= $at
                or coalesce(ticket_file.reopened_at >= ticket_file.closed_at and ticket_file.reopened_at < $at, false)
        end
),
network as (
    select distinct complaint_id from complaint_file where list_contains($network_types, complaint_type_code)
),
final as (
    select
        ticket.customer_id,
        bool_or(ticket.is_complaint) as has_complaint_open,
        bool_or(ticket.is_suspended) as has_suspended_ticket,
        bool_or(ticket.is_complaint and network.complaint_id is not null) as has_network_complaint
    from ticket
    left join network on ticket.ticket_id = network.complaint_id
    where ticket.is_complaint or ticket.is_suspended
    group by ticket.customer_id
)
select * from final
