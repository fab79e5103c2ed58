-- Open tickets, with the number to call.
select
    follow_up_ticket.follow_up_id, team_code, handler_id, measure_code, tier, state_code, follow_up_ticket.customer_id, topic_code, opened_at,
    contact_address.phone_number
from follow_up_ticket
left join contact_address using (customer_id)
where state_code not in ('answered', 'closed')
order by follow_up_id
