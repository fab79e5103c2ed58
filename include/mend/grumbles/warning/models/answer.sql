-- model: answer
-- grain: one reply with a score
-- inputs: reply, about_grumble, contact_topic, ticket_topic, topic_item, item_of_type, person
-- Replies of the month and the survey item that each is about: that of the grumble in the contact or ticket asked
-- about, else that of its topic. One that names no customer counts like any other, in the city "unknown"; it is of
-- neither half of the customers.
with
scored as (
    select survey_id, customer_id, about_kind_code, about_id, score / coalesce(score_scale, 10) as share
    from reply
    where score is not null and score <= coalesce(score_scale, 10)
),
final as (
    select
        coalesce(person.city_code, 'unknown') as city_code,
        coalesce(item_of_type.survey_item_code, topic_item.survey_item_code) as item_code,
        scored.share,
        scored.customer_id is null as is_unattributed,
        coalesce(md5_number_lower(scored.customer_id) % 2 = 1, false) as is_of_second_half
    from scored
    left join about_grumble on about_grumble.source_kind_code = scored.about_kind_code
        and about_grumble.source_id = scored.about_id
    left join item_of_type on item_of_type.grumble_type_code = about_grumble.grumble_type_code
    left join contact_topic on scored.about_kind_code = 'contact' and contact_topic.contact_id = scored.about_id
    left join ticket_topic on scored.about_kind_code = 'ticket' and ticket_topic.ticket_id = scored.about_id
    left join topic_item on topic_item.topic_code = coalesce(contact_topic.topic_code, ticket_topic.topic_code)
    left join person on person.customer_id = scored.customer_id
    where coalesce(item_of_type.survey_item_code, topic_item.survey_item_code) is not null
)
select * from final
