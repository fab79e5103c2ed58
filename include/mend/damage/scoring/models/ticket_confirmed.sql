-- model: ticket_confirmed
-- grain: one ticket that an answer from the first day on calls solved
-- inputs: file_survey_reply
-- share: customer_id
-- params: first_day
with
final as (
    select distinct about_id as ticket_id
    from file_survey_reply
    where about_kind_code = 'ticket' and is_solved and replied_on >= $first_day
)
select * from final
