-- statement: desk_work
-- Tickets at the desk: those to do, what is due first first, stopped clocks last; or the latest that were answered.
select
    ticket.follow_up_id, ticket.measure_code, ticket.customer_id, ticket.topic_code, ticket.city_code,
    ticket.state_code, ticket.tier, ticket.team_code, ticket.handler_id, ticket.opened_at, ticket.due_at,
    ticket.left_seconds, ticket.wake_at, ticket.legal_due_at, ticket.reopen_count, ticket.complaint_count,
    ticket.event_count, ticket.changed_at, work.phone_masked, work.playbook_code, work.severity
from follow_up_ticket as ticket
left join follow_up_work as work using (follow_up_id)
where ticket.state_code = any(cast(:states as text[]))
    and (cast(:team as text) is null or ticket.team_code = :team)
    and (cast(:handler as text) is null or ticket.handler_id = :handler)
    and (not :is_nobodys or ticket.handler_id is null)
order by
    case when :is_answered then ticket.changed_at end desc, ticket.due_at nulls last, ticket.follow_up_id
limit :size offset :skipped

-- statement: desk_people
-- Teams and people with what they have to do, and what is past its limit or soon will be.
select
    team_code, handler_id, count(*) as to_do, count(*) filter (where due_at <= :now) as late,
    count(*) filter (where due_at > :now and due_at <= :soon) as soon
from follow_up_ticket
where state_code in ('open', 'in_progress', 'waiting_customer', 'suspended')
group by team_code, handler_id
order by team_code, handler_id nulls first

-- statement: desk_ticket
-- One ticket.
select * from follow_up_ticket where follow_up_id = :follow_up_id

-- statement: desk_events
-- What happened to a ticket, in order.
select event_number, event_code, happened_at, facts
from follow_up_event
where follow_up_id = :follow_up_id
order by event_number

-- statement: desk_number
-- The number to call for an open ticket.
select phone_number from ({work}) as work where follow_up_id = :follow_up_id
