-- What tickets have from the grumbles in the contacts that opened them. Inputs: ticket_file, contact_part (the grumbles in contacts).
select
    ticket_file.ticket_id, ticket_file.kind_code,
    contact_part.grumble_type_code as contact_code,
    contact_part.classified_by_code as contact_by_code,
    contact_part.confidence as contact_confidence,
    contact_part.classifier_version as contact_version
from ticket_file
join contact_part
    on contact_part.source_id = ticket_file.contact_id
    and contact_part.grumbled_on between ticket_file.opened_on - $ticket_reach_days and ticket_file.opened_on
