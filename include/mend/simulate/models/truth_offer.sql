-- Truth, step 4: every repair that could take points off, with the contact or ticket it names. How much it takes is settled afterwards.
with
repair as (
    select *, case when contact_id is not null then 'contact' else 'ticket' end as subject_kind_code, coalesce(contact_id, ticket_id) as subject_id
    from clean_repair_action
    where contact_id is not null or ticket_id is not null
),
resolved_call as (
    select * from repair where action_code in ('follow_up_call', 'second_follow_up') and outcome_code = 'resolved'
),
dropped as (
    select distinct subject_id from truth_debit where indicator_id in ('AGT-01', 'AGT-02', 'AGT-03')
),
solved_reply as (
    select about_id, min(replied_at) as replied_at
    from clean_survey_reply
    where about_kind_code = 'ticket' and is_solved
    group by about_id
),
offer as (
    select customer_id, subject_kind_code, subject_id, 'REP-01' as indicator_id, 5 as points, done_at as felt_at, repair_id as cause_id from resolved_call
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-02', 1, done_at, repair_id from resolved_call where done_at <= due_at
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-03', 1, done_at, repair_id
    from repair where action_code = 'priority_access' and outcome_code = 'honoured' and wait_seconds <= 20
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-04', 6, done_at, repair_id from repair where action_code = 'rebate' and outcome_code = 'accepted'
    union all
    select customer_id, 'ticket', ticket_id, 'REP-05', 4, replied_at, ticket_id
    from clean_ticket
    join solved_reply on solved_reply.about_id = clean_ticket.ticket_id
    where customer_id is not null and (is_resolved or resolved_at is not null or closed_at is not null)
    union all
    select customer_id, 'contact', contact_id, 'REP-06', 3, called_back_at, booking_id
    from clean_callback_booking where contact_id is not null and is_reached and called_back_at <= requested_at + to_hours(24)
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-07', 1, done_at, repair_id
    from repair semi join dropped using (subject_id) where action_code = 'care_sms' and outcome_code = 'delivered'
    union all
    select customer_id, about_kind_code, about_id, 'REP-08', 8, replied_at, survey_id
    from clean_survey_reply
    where purpose_code = 'resurvey' and score_scale = 10 and score >= 9 and about_kind_code in ('contact', 'ticket')
),
final as (
    select *
    from offer
    where exists (select 1 from truth_debit where truth_debit.subject_id = offer.subject_id)
)
select * from final
