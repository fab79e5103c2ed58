-- Truth, step 3: the debits: of contacts (families with their differences, capped by incident); of tickets by their states, bookings and replies.
create or replace temp table truth_debit as
with
-- Within a family: nothing for a member when one that scores as much or more is decided before it or in the same moment;
-- else what it scores more than the best one before it.
family as (
    select * from (values
        ('CON-03', 'waiting'), ('CON-04', 'waiting'), ('CON-01', 'connecting'), ('CON-05', 'connecting'),
        ('AGT-01', 'dropping'), ('AGT-02', 'dropping'), ('AGT-03', 'dropping')
    ) as family(indicator_id, family_name)
),
member as (
    select truth_contact_hit.*, family_name from truth_contact_hit left join family using (indicator_id)
),
contact_debit as (
    select
        member.contact_id, member.indicator_id, member.posted_at,
        member.points - coalesce((
            select max(other.points) from member as other
            where other.contact_id = member.contact_id and other.family_name = member.family_name
                and other.indicator_id <> member.indicator_id
                and (other.posted_at < member.posted_at or (other.posted_at = member.posted_at and other.points > member.points))
        ), 0) as points
    from member
    where not exists (
        select 1 from member as other
        where other.contact_id = member.contact_id and other.family_name = member.family_name and other.indicator_id <> member.indicator_id
            and ((other.posted_at < member.posted_at and other.points >= member.points)
                or (other.posted_at = member.posted_at and other.points > member.points))
    )
),
contact_row as (
    select truth_contact.customer_id, 'contact' as subject_kind_code, contact_id as subject_id, indicator_id, points, posted_at, incident_id
    from contact_debit
    join truth_contact using (contact_id)
),
summed as (
    select *, sum(points) over (partition by incident_id order by posted_at, subject_id, indicator_id rows unbounded preceding) as reached
    from contact_row
),
cap_row as (
    select * exclude (points, reached), -least(points, reached - 15)::integer as points
    from summed
    where reached > 15
),
-- How a ticket stood from one state of it to the next.
state as (
    select
        *,
        status_code in ('solved', 'closed') as is_ended,
        coalesce(lead(version_at) over (partition by ticket_id order by version_at), world.horizon) as until_at
    from clean_ticket_version
    cross join world
    where customer_id is not null
),
spell as (
    select
        *,
        case when status_code = 'suspended' then least(suspended_until, until_at) else version_at end as open_from_at
    from state
    where not is_ended
),
clock as (
    select
        *,
        epoch(until_at) - epoch(open_from_at) as open_seconds,
        sum(epoch(until_at) - epoch(open_from_at)) over (partition by ticket_id order by version_at rows unbounded preceding) as open_so_far
    from spell
),
open_too_long as (
    select ticket_id, customer_id, min(until_at - to_seconds(open_so_far - 172800)) as posted_at
    from clock
    where open_so_far > 172800 and open_so_far - open_seconds <= 172800
    group by all
),
answer as (
    select about_id as ticket_id, customer_id, replied_at, is_solved, survey_id
    from clean_survey_reply
    where about_kind_code = 'ticket' and is_solved is not null
),
closing as (
    select distinct ticket_id, customer_id, closed_at from state where closed_at is not null
),
first_answer as (
    select closing.ticket_id, closing.customer_id, closing.closed_at, min({'at': replied_at, 'survey': survey_id, 'solved': is_solved}) as said
    from closing join answer using (ticket_id, customer_id)
    where replied_at >= closed_at
    group by all
),
unsolved as (
    select ticket_id, customer_id, min({'at': said.at, 'survey': said.survey}) as said
    from first_answer where not said.solved
    group by all
),
failed_again as (
    select ticket_id, customer_id, min({'at': failed_at, 'cause': cause_id}) as failed
    from (
        select ticket_id, customer_id, done_at as failed_at, repair_id as cause_id
        from clean_repair_action
        where action_code = 'second_follow_up' and outcome_code = 'unresolved'
        union all
        select ticket_id, customer_id, reopened_at, null from state where reopened_at is not null
    )
    group by all
),
broken_promise as (
    select ticket_id, customer_id, min(promised_at) as posted_at
    from state
    where suspended_until is not null and not is_ended and promised_at >= version_at and promised_at < until_at
    group by all
),
complaint as (
    select * from clean_ticket where kind_code = 'complaint' and customer_id is not null
),
repeated_complaint as (
    select distinct later.ticket_id, later.customer_id, later.opened_at as posted_at
    from complaint as later
    join complaint as earlier using (customer_id, topic_code)
    where earlier.opened_at < later.opened_at and earlier.opened_at >= later.opened_at - to_days(30)
),
escalated as (
    select ticket_id, customer_id, min(coalesce(escalated_at, version_at)) as posted_at
    from state
    where kind_code = 'complaint' and is_escalated
    group by all
),
ticket_row as (
    select customer_id, ticket_id as subject_id, 'RES-02' as indicator_id, 4 as points, posted_at, null::varchar as cause_id from open_too_long
    union all select customer_id, ticket_id, 'RES-03', 6, said.at, said.survey from unsolved
    union all select customer_id, ticket_id, 'RES-04', 6, failed.at, failed.cause from failed_again
    union all select customer_id, ticket_id, 'RES-05', 5, posted_at, null from broken_promise
    union all select customer_id, ticket_id, 'RES-06', 8, posted_at, null from repeated_complaint
    union all select customer_id, ticket_id, 'RES-07', 10, posted_at, null from escalated
),
booking_row as (
    select customer_id, booking_id as subject_id, 'CON-07' as indicator_id, 5 as points, requested_at + to_hours(24) as posted_at
    from clean_callback_booking
    where called_back_at is null or called_back_at > requested_at + to_hours(24)
),
poor_reply as (
    select
        customer_id, replied_at, survey_id,
        case when about_kind_code in ('contact', 'ticket') then about_kind_code else 'reply' end as subject_kind_code,
        case when about_kind_code in ('contact', 'ticket') then about_id else survey_id end as subject_id
    from clean_survey_reply
    where customer_id is not null and ((score_scale = 10 and score <= 6) or (score_scale = 5 and score <= 2))
),
poor_row as (
    select
        poor.customer_id, poor.subject_kind_code, poor.subject_id, 'RES-08' as indicator_id, 8 as points,
        min(poor.replied_at) as posted_at,
        nullif(min_by(poor.survey_id, (poor.replied_at, poor.survey_id)), poor.subject_id) as cause_id,
        any_value(truth_contact.incident_id) as incident_id
    from poor_reply as poor
    left join truth_contact on poor.subject_kind_code = 'contact' and poor.subject_id = truth_contact.contact_id
    group by poor.customer_id, poor.subject_kind_code, poor.subject_id
),
entry as (
    select * exclude (reached), 'debit' as entry_kind_code from summed
    union all by name select *, 'cap' as entry_kind_code from cap_row
    union all by name select *, 'ticket' as subject_kind_code, 'debit' as entry_kind_code from ticket_row
    union all by name select *, 'booking' as subject_kind_code, 'debit' as entry_kind_code from booking_row
    union all by name select *, 'debit' as entry_kind_code from poor_row
),
final as (
    select entry.* replace (nullif(entry.incident_id, entry.subject_id) as incident_id), entry.posted_at::date as posted_on
    from entry
    cross join world
    where entry.posted_at < world.horizon
)
select * from final
