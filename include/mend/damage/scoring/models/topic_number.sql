-- model: topic_number
-- grain: one topic of the contacts
-- inputs: contact_file
-- share: whole
-- A whole number for each topic.
with
topic as (select distinct topic_code from contact_file where topic_code is not null),
final as (select row_number() over () as topic_number, topic_code from topic)
select * from final
