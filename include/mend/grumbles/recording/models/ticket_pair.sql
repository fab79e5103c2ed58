-- model: ticket_pair
-- grain: one complaint that was filed in a contact with a code
-- inputs: contact_file, code_map, ticket_file, complaint
-- The code that the agent gave to the contact, and the type that the ticket's own words were read as.
select
    coalesce(nullif(contact_file.center_code, ''), 'unknown') as center_code,
    coalesce(nullif(contact_file.agent_id, ''), 'unknown') as agent_id,
    code_map.code, complaint.complaint_type_code as other
from contact_file
join code_map on code_map.source_code = contact_file.grumble_type_code
join ticket_file on ticket_file.contact_id = contact_file.contact_id
join complaint on complaint.complaint_id = ticket_file.ticket_id
where complaint.classified_by_code = 'text' and complaint.complaint_type_code is not null
order by contact_file.contact_id, ticket_file.ticket_id
