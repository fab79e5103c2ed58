-- Truth, step 3: the debits: of contacts (highest-scoring of each family only), with the incident's cap; of tickets, bookings and replies.
create or replace temp table truth_debit as
with
outdone as (
    select lesser.contact_id, lesser.indicator_id
    from truth_contact_hit as lesser
    join truth_contact_hit as greater using (contact_id)
    where (lesser.indicator_id, greater.indicator_id) in (
        ('CON-03', 'CON-04'), ('CON-01', 'CON-05'), ('AGT-01', 'AGT-03'), ('AGT-02', 'AGT-03'), ('AGT-02', 'AGT-01')
    )
),
contact_debit as (
    select truth_contact_hit.*
    from truth_contact_hit
    anti join outdone using (contact_id, indicator_id)
),
contact_row as (
    select
        truth_contact.customer_id, 'contact' as record_code, 'contact' as subject_kind_code, contact_id as subject_id, indicator_id, points,
        truth_contact.started_at as felt_at, truth_contact.incident_on as posted_on, truth_contact.incident_id, false as is_explicit
    from contact_debit
    join truth_contact using (contact_id)
),
summed as (
    select *, sum(points) over (partition by incident_id order by felt_at, subject_id, indicator_id rows unbounded preceding) as reached
    from contact_row
),
cap_row as (
    select * exclude (points, reached), -least(points, reached - 15)::integer as points
    from summed
    where reached > 15
),
ticket as (
    select
        *,
        least(resolved_at, closed_at) as ended_at,
        opened_at + to_hours(48) as limit_at
    from clean_ticket
    where customer_id is not null
),
reply as (
    select * from clean_survey_reply
),
late_ticket as (
    select *, limit_at as felt_at
    from ticket
    cross join world
    where limit_at <= world.horizon
        and (ended_at is null or ended_at > limit_at)
        and (suspended_until is null or not (coalesce(suspended_at, opened_at) <= limit_at and limit_at < suspended_until))
),
closed_unresolved as (
    select ticket.*, said.felt_at
    from ticket
    join (select about_id, min(replied_at) as felt_at from reply where about_kind_code = 'ticket' and not is_solved group by about_id) as said
        on said.about_id = ticket.ticket_id
    where ticket.closed_at is not null
),
failed_again as (
    select ticket.*, coalesce(failed.done_at, reopened_at, closed_at, opened_at) as felt_at
    from ticket
    left join (
        select ticket_id, min(done_at) as done_at
        from clean_repair_action
        where action_code = 'second_follow_up' and outcome_code = 'unresolved'
        group by ticket_id
    ) as failed using (ticket_id)
    where reopen_count >= 1 or failed.done_at is not null
),
broken_promise as (
    select *, promised_at as felt_at
    from ticket
    cross join world
    where suspended_until is not null and promised_at <= world.horizon and (ended_at is null or ended_at > promised_at)
),
complaint as (
    select * from ticket where kind_code = 'complaint'
),
repeated_complaint as (
    select distinct later.*, later.opened_at as felt_at
    from complaint as later
    join complaint as earlier using (customer_id, topic_code)
    where earlier.opened_at < later.opened_at and earlier.opened_at >= later.opened_at - to_days(30)
),
escalated as (
    select *, coalesce(escalated_at, opened_at) as felt_at
    from complaint
    where is_escalated
),
ticket_row as (
    select customer_id, ticket_id as subject_id, 'RES-02' as indicator_id, 4 as points, felt_at, false as is_explicit from late_ticket
    union all select customer_id, ticket_id, 'RES-03', 6, felt_at, false from closed_unresolved
    union all select customer_id, ticket_id, 'RES-04', 6, felt_at, false from failed_again
    union all select customer_id, ticket_id, 'RES-05', 5, felt_at, false from broken_promise
    union all select customer_id, ticket_id, 'RES-06', 8, felt_at, true from repeated_complaint
    union all select customer_id, ticket_id, 'RES-07', 10, felt_at, true from escalated
),
booking_row as (
    select customer_id, booking_id as subject_id, 'CON-07' as indicator_id, 5 as points, requested_at + to_hours(24) as felt_at, false as is_explicit
    from clean_callback_booking
    cross join world
    where requested_at + to_hours(24) <= world.horizon and (called_back_at is null or called_back_at > requested_at + to_hours(24))
),
poor_reply as (
    select customer_id, about_kind_code, about_id, min(replied_at) as felt_at
    from reply
    where about_kind_code in ('contact', 'ticket') and ((score_scale = 10 and score <= 6) or (score_scale = 5 and score <= 2))
    group by all
),
poor_row as (
    select customer_id, about_kind_code as subject_kind_code, about_id as subject_id, 'RES-08' as indicator_id, 8 as points, felt_at, true as is_explicit
    from poor_reply
),
elsewhere as (
    select *, 'ticket' as record_code, 'ticket' as subject_kind_code from ticket_row
    union all by name select *, 'callback_booking' as record_code, 'booking' as subject_kind_code from booking_row
    union all by name select *, 'survey_reply' as record_code from poor_row
),
final as (
    select * exclude (reached), 'debit' as entry_kind_code from summed
    union all by name select *, 'cap' as entry_kind_code from cap_row
    union all by name select *, 'debit' as entry_kind_code, felt_at::date as posted_on, null::varchar as incident_id from elsewhere
)
select * from final
