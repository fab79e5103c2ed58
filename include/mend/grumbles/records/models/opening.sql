-- model: opening
-- grain: one ticket that a grumble opened
-- inputs: ticket, run_day, contact_grumble
-- share: contact_id via contact_owner
-- What tickets have from the grumbles in the contacts that opened them.
select
    ticket.ticket_id, ticket.kind_code,
    contact_grumble.grumble_type_code as contact_code,
    contact_grumble.classified_by_code as contact_by_code,
    contact_grumble.confidence as contact_confidence,
    contact_grumble.classifier_version as contact_version
from ticket
join run_day on run_day.day = ticket.opened_on
join contact_grumble
    on contact_grumble.source_id = ticket.contact_id
    and contact_grumble.grumbled_on between ticket.opened_on - run_day.ticket_reach_days and ticket.opened_on
