-- model: story_survey
-- grain: one answer of the month to a survey
-- inputs: core_survey_reply, person_of_customer
-- share: customer_id
-- Without the words of the reply: they are personal, and stay where they are.
with
final as (
    select
        coalesce(person_of_customer.person_id, core_survey_reply.customer_id) as customer_id, survey_id, replied_at,
        purpose_code, about_kind_code, about_id, score, score_scale, is_solved
    from core_survey_reply
    left join person_of_customer on core_survey_reply.customer_id = person_of_customer.customer_id
    where core_survey_reply.customer_id is not null
)
select * from final
