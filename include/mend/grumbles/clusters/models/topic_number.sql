-- model: topic_number
-- grain: one topic of a contact or a grumble
-- inputs: input_contact, input_grumble
-- Topics numbered from 1: a matter of a customer is a topic in a month, one bit of a number.
with
topic as (
    select distinct topic_code from input_contact
    union
    select distinct topic_code from input_grumble
),
final as (
    select topic_code, cast(row_number() over (order by topic_code) as integer) as topic_no
    from topic
    where topic_code is not null
)
select * from final
