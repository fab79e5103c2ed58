-- model: contact
-- grain: one contact of the months that are looked at
-- inputs: contact_file, person_of_customer
-- share: customer_id
-- Contacts under the id by which their customer goes.
select
    contact_file.contact_id,
    coalesce(person_of_customer.person_id, contact_file.customer_id) as customer_id,
    contact_file.started_at,
    contact_file.started_on,
    contact_file.direction_code = 'inbound' as is_inbound,
    contact_file.topic_code,
    contact_file.ivr_node_code,
    contact_file.agent_group_code,
    contact_file.agent_id,
    contact_file.center_code,
    contact_file.ivr_result_code = 'failed' as is_self_service_failed,
    coalesce(contact_file.is_system_fault, false) or coalesce(contact_file.is_refused, false)
        or coalesce(contact_file.is_abandoned, false) as is_failed
from contact_file
left join person_of_customer on contact_file.customer_id = person_of_customer.customer_id
