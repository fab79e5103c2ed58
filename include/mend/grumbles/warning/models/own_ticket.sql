-- model: own_ticket
-- grain: one ticket and grumble that it may be about
-- inputs: ticket
-- share: source_key via grumble
-- A ticket under its own number and under that of its contact: an `or` between the two would compare every grumble with every ticket.
select 'ticket:' || ticket_id as source_key, opened_at, closed_at, reopened_at, suspended_at, suspended_until, promised_at
from ticket
union all
select 'contact:' || contact_id, opened_at, closed_at, reopened_at, suspended_at, suspended_until, promised_at
from ticket
where contact_id is not null
