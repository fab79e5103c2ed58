-- The ledger but for credits: contacts' debits and caps, tickets, bookings, replies; and the exposure.
create unlogged table ledger as
with
running as (
    select
        *,
        sum(points) over (partition by incident_id order by started_at, contact_id, indicator_id rows unbounded preceding) as points_so_far
    from hit
    where incident_id in (select incident_id from hit group by incident_id having sum(points) > %(cap)s)
),
entry as (
    select hit.*, 'debit' as entry_kind_code, points as entry_points from hit
    union all
    select
        contact_id, customer_id, started_at, started_on, incident_id, incident_on, indicator_id, points, stage_code, 'cap',
        -(greatest(points_so_far - %(cap)s, 0) - greatest(points_so_far - points - %(cap)s, 0))
    from running
    where points_so_far > %(cap)s
)
select
    case when entry_kind_code = 'cap' then 'CAP:' else '' end || indicator_id || ':' || contact_id as entry_id,
    customer_id, 'contact' as record_code, started_on as subject_on, 'contact' as subject_kind_code, contact_id as subject_id,
    contact_id as cause_id, entry_kind_code, indicator_id, stage_code, %(version)s as rule_version, cast(entry_points as integer) as points,
    cast(case when entry_kind_code = 'cap' then entry_points else points end as integer) as offered_points,
    started_at as felt_at, incident_on as posted_on, incident_id, false as is_explicit
from entry;

create unlogged table exposure as
select
    customer_id, started_on as subject_on, incident_on as posted_on,
    count(*) as contact_count, count(*) filter (where is_start) as incident_count,
    max(started_at) as last_contact_at, (array_agg(contact_id order by started_at desc, contact_id desc))[1] as last_contact_id
from placed
group by customer_id, started_on, incident_on;

create unlogged table ticket_known as
with
complaint as (
    select ticket_id, opened_at - lag(opened_at) over (partition by customer_id, topic_code order by opened_at, ticket_id) as since_complaint
    from ticket
    where kind_code = 'complaint' and topic_code is not null and customer_id is not null
),
about as (
    select
        about_id as ticket_id,
        min(replied_at) filter (where not is_solved) as unsolved_reply_at,
        min(replied_at) filter (where is_solved) as solved_reply_at
    from reply
    where about_kind_code = 'ticket'
    group by about_id
),
follow_up as (
    select ticket_id, min(done_at) as second_failed_at
    from repair
    where action_code = 'second_follow_up' and outcome_code = 'unresolved'
    group by ticket_id
)
select
    ticket.*, least(resolved_at, closed_at) as ended_at, opened_at + interval '48 hours' as limit_at,
    since_complaint, unsolved_reply_at, solved_reply_at, second_failed_at,
    coalesce(second_failed_at, reopened_at, closed_at, opened_at) as second_failure_at,
    coalesce(escalated_at, opened_at) as escalation_at
from ticket
left join complaint using (ticket_id)
left join about using (ticket_id)
left join follow_up using (ticket_id);

insert into ledger
with
first_rating as (
    select distinct on (about_kind_code, about_id, customer_id) *
    from reply
    where about_kind_code in ('contact', 'ticket') and ((score_scale = 10 and score <= 6) or (score_scale = 5 and score <= 2))
    order by about_kind_code, about_id, customer_id, replied_at, survey_id
),
found as (
    select 'RES-02' as indicator_id, 'ticket' as record_code, opened_on as subject_on, 'ticket' as kind, ticket_id as subject_id, ticket_id as cause_id,
        customer_id, limit_at as felt_at
    from ticket_known
    where limit_at <= %(horizon)s and (ended_at is null or ended_at > limit_at)
        and (suspended_until is not null and coalesce(suspended_at, opened_at) <= limit_at and limit_at < suspended_until) is not true
    union all
    select 'RES-03', 'ticket', opened_on, 'ticket', ticket_id, ticket_id, customer_id, unsolved_reply_at
    from ticket_known where closed_at is not null and unsolved_reply_at is not null
    union all
    select 'RES-04', 'ticket', opened_on, 'ticket', ticket_id, ticket_id, customer_id, second_failure_at
    from ticket_known where reopen_count >= 1 or second_failed_at is not null
    union all
    select 'RES-05', 'ticket', opened_on, 'ticket', ticket_id, ticket_id, customer_id, promised_at
    from ticket_known where suspended_until is not null and promised_at <= %(horizon)s and (ended_at is null or ended_at > promised_at)
    union all
    select 'RES-06', 'ticket', opened_on, 'ticket', ticket_id, ticket_id, customer_id, opened_at
    from ticket_known where kind_code = 'complaint' and since_complaint <= interval '30 days'
    union all
    select 'RES-07', 'ticket', opened_on, 'ticket', ticket_id, ticket_id, customer_id, escalation_at
    from ticket_known where kind_code = 'complaint' and is_escalated
    union all
    select 'RES-08', 'survey_reply', replied_on, about_kind_code, about_id, survey_id, customer_id, replied_at from first_rating
    union all
    select 'CON-07', 'callback_booking', requested_on, 'booking', booking_id, booking_id, customer_id, requested_at + interval '1 day'
    from booking
    where requested_at + interval '1 day' <= %(horizon)s and (called_back_at is null or called_back_at > requested_at + interval '1 day')
)
select
    indicator_id || ':' || cause_id, customer_id, record_code, subject_on, kind, subject_id, cause_id, 'debit', indicator_id, stage_code,
    %(version)s, points, points, felt_at, cast(felt_at as date), null, is_explicit
from found join rule using (indicator_id)
where customer_id is not null and felt_at is not null;

analyze ledger, exposure, ticket_known;
