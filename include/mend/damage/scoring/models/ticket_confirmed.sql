-- model: ticket_confirmed
-- grain: one ticket that an answer from the first day on calls solved, with a number
-- inputs: file_survey_reply
-- share: customer_id
-- params: first_day
with
ticket as (
    select distinct about_id as ticket_id
    from file_survey_reply
    where about_kind_code = 'ticket' and is_solved and replied_on >= $first_day
),
final as (select ticket_id, row_number() over () as ticket_number from ticket)
select * from final
