-- Open tickets, with the number to call: that of the id by which the customer goes now, where one is known.
select
    follow_up_ticket.follow_up_id, team_code, handler_id, measure_code, tier, state_code, follow_up_ticket.customer_id, topic_code, opened_at,
    coalesce(now.phone_number, before.phone_number) as phone_number
from follow_up_ticket
left join customer_person using (customer_id)
left join contact_address as now on now.customer_id = customer_person.person_id
left join contact_address as before on before.customer_id = follow_up_ticket.customer_id
where state_code not in ('answered', 'closed')
order by follow_up_id
