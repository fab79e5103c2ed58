-- Truth, step 4: every repair that could take points off, with the contact or ticket it names. How much it takes is
-- settled afterwards.
with
repair as (
    select *, case when ticket_id is not null then 'ticket' else 'contact' end as subject_kind_code,
    coalesce(ticket_id, contact_id) as subject_id
    from clean_repair_action
    where contact_id is not null or ticket_id is not null
),
resolved_call as (
    select * from repair where action_code in ('follow_up_call', 'second_follow_up') and outcome_code = 'resolved'
),
dropped as (
    select distinct subject_id from truth_debit where indicator_id in ('AGT-01', 'AGT-02', 'AGT-03')
),
-- The first answer that calls a ticket solved while it stands ended.
solved_reply as (
    select state.ticket_id, state.customer_id, min({'at': reply.replied_at, 'survey': reply.survey_id}) as said
    from clean_survey_reply as reply
    join (
        select *, coalesce(lead(version_at) over (partition by ticket_id order by version_at), timestamp '9999-01-01')
            as until_at
        from clean_ticket_version
    ) as state on reply.about_id = state.ticket_id and reply.customer_id = state.customer_id
    where reply.about_kind_code = 'ticket' and reply.is_solved
        and reply.replied_at >= state.version_at and reply.replied_at < state.until_at
        and state.status_code in ('solved', 'closed')
    group by all
),
-- A booking that names no contact repairs the failed attempt before it.
booked as (
    select
        booking.booking_id,
        coalesce(any_value(booking.contact_id), max_by(attempt.contact_id, (attempt.started_at, attempt.contact_id)))
            as contact_id
    from clean_callback_booking as booking
    left join truth_contact as attempt
        on attempt.customer_id = booking.customer_id and attempt.is_failed_attempt
            and attempt.started_at <= booking.requested_at
        and booking.contact_id is null
    group by booking.booking_id
),
offer as (
    select customer_id, subject_kind_code, subject_id, 'REP-01' as indicator_id, 5 as points, done_at as posted_at,
    repair_id as cause_id from resolved_call
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-02', 1, done_at, repair_id from resolved_call
        where done_at <= due_at
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-03', 1, done_at, repair_id
    from repair where action_code = 'priority_access' and outcome_code = 'honoured' and wait_seconds <= 20
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-04', 6, done_at, repair_id from repair
        where action_code = 'rebate' and outcome_code = 'accepted'
    union all
    select customer_id, 'ticket', ticket_id, 'REP-05', 4, said.at, said.survey from solved_reply
    union all
    select customer_id, 'contact', booked.contact_id, 'REP-06', 3, called_back_at, booking_id
    from clean_callback_booking join booked using (booking_id)
    where booked.contact_id is not null and is_reached
        and called_back_at between requested_at and requested_at + to_hours(24)
    union all
    select customer_id, subject_kind_code, subject_id, 'REP-07', 1, done_at, repair_id
    from repair semi join dropped using (subject_id) where action_code = 'care_sms' and outcome_code = 'delivered'
    union all
    select customer_id, about_kind_code, about_id, 'REP-08', 8, replied_at, survey_id
    from clean_survey_reply
    where purpose_code = 'resurvey' and score_scale = 10 and score >= 9 and about_kind_code in ('contact', 'ticket')
),
final as (
    select offer.*
    from offer
    cross join world
    where posted_at < world.horizon
        and exists (select 1 from truth_debit where truth_debit.subject_id = offer.subject_id
            or truth_debit.incident_id = offer.subject_id)
)
select * from final
