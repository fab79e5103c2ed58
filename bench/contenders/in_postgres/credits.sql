-- What repair credits are offered, and which damage each could repair.
create unlogged table gross as
with
named as (
    select *, case when contact_id is not null then 'contact' else 'ticket' end as kind, coalesce(contact_id, ticket_id) as subject
    from repair
),
offer as (
    select 'REP-01' as indicator_id, repair_id as cause_id, customer_id, kind as subject_kind_code, subject as subject_id, done_at as credited_at
    from named where action_code in ('follow_up_call', 'second_follow_up') and outcome_code = 'resolved'
    union all
    select 'REP-02', repair_id, customer_id, kind, subject, done_at
    from named where action_code in ('follow_up_call', 'second_follow_up') and outcome_code = 'resolved' and done_at <= due_at
    union all
    select 'REP-03', repair_id, customer_id, kind, subject, done_at
    from named where action_code = 'priority_access' and outcome_code = 'honoured' and wait_seconds <= 20
    union all
    select 'REP-04', repair_id, customer_id, kind, subject, done_at from named where action_code = 'rebate' and outcome_code = 'accepted'
    union all
    select 'REP-05', ticket_id, customer_id, 'ticket', ticket_id, solved_reply_at
    from ticket_known where (is_resolved or ended_at is not null) and solved_reply_at is not null
    union all
    select 'REP-06', booking_id, customer_id, 'contact', contact_id, called_back_at
    from booking where is_reached and called_back_at - requested_at between interval '0' and interval '1 day'
    union all
    select 'REP-07', repair_id, customer_id, kind, subject, done_at from named where action_code = 'care_sms' and outcome_code = 'delivered'
    union all
    select 'REP-08', survey_id, customer_id, about_kind_code, about_id, replied_at
    from reply where purpose_code = 'resurvey' and score_scale = 10 and score >= 9
),
known as (
    select offer.*, rule.points
    from offer join rule using (indicator_id)
    where customer_id is not null and subject_id is not null and cast(credited_at as date) between %(first_day)s and %(last_day)s
),
summed as (
    select
        known.indicator_id, known.cause_id, sum(ledger.points) as gross_points, max(ledger.incident_id) as incident_id,
        bool_or(ledger.indicator_id in ('AGT-01', 'AGT-02', 'AGT-03')) as is_dropped
    from known
    join ledger using (subject_kind_code, subject_id)
    where ledger.felt_at <= known.credited_at and ledger.felt_at > known.credited_at - %(repairs_within)s
    group by known.indicator_id, known.cause_id
)
select
    known.*, gross_points, incident_id,
    row_number() over (partition by subject_kind_code, subject_id order by credited_at, indicator_id, cause_id) as turn,
    0 as applied_points
from known join summed using (indicator_id, cause_id)
where gross_points > 0 and (indicator_id <> 'REP-07' or is_dropped);

analyze gross;
