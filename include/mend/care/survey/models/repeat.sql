-- model: repeat
-- grain: one survey
-- inputs: core_contact, survey_row
-- params: repeat_days
-- Surveys whose customer called again on the same topic within the window, and when first.
select survey_row.survey_id, min(core_contact.started_at) as repeated_at
from survey_row
join core_contact
    on core_contact.customer_id = survey_row.customer_id
    and core_contact.topic_code = survey_row.topic_code
    and core_contact.direction_code = 'inbound'
    and core_contact.contact_id <> survey_row.about_id
    and core_contact.started_at > survey_row.happened_at
    and core_contact.started_at <= survey_row.happened_at + to_days($repeat_days)
where survey_row.is_asked
group by survey_row.survey_id
