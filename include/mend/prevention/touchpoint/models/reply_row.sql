-- model: reply_row
-- grain: one answer of the month
-- inputs: reply_file, about_contact, person_of_customer
-- With the touchpoint of the contact that it asks about, and its score on the scale of 10.
select
    reply_file.* exclude (customer_id),
    coalesce(person_of_customer.person_id, reply_file.customer_id) as customer_id,
    reply_file.survey_id as row_key,
    reply_file.score * 10.0 / reply_file.score_scale as score_of_ten,
    about_contact.touchpoint_code,
    about_contact.topic_code,
    about_contact.ivr_node_code,
    about_contact.agent_group_code,
    about_contact.is_answered
from reply_file
left join about_contact on reply_file.about_kind_code = 'contact' and reply_file.about_id = about_contact.contact_id
left join person_of_customer on reply_file.customer_id = person_of_customer.customer_id
