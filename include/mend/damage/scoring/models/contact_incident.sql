-- model: contact_incident
-- grain: one inbound contact
-- inputs: contact_sorted, contact_tie
-- share: customer_id
-- params: gap_us, reach_days
-- Which contacts belong to one bad experience: less than the gap apart, over midnight too. An incident is known by the
-- place of its first contact. It covers at most `reach_days` business days: where a chain goes on longer, every further
-- day begins an incident, so that an incident can be told from so many days of contacts.
-- A running max() over "place and day in one number" finds the day on which the latest chain began.
-- Customer 1 at 09:00, 09:20 and 10:00 with a gap of 30 minutes: incidents 1, 1 and 3.
with
contact as (
    select
        sorted.customer_number,
        sorted.started_us,
        sorted.started_on,
        sorted.place,
        case when tie.place is null then sorted.topic_key else tie.topic_key end as topic_key,
        coalesce(tie.contact_seconds, sorted.contact_seconds) as contact_seconds,
        coalesce(tie.contact_number, sorted.contact_number) as contact_number,
        coalesce(tie.bits, sorted.bits) as bits,
        coalesce(tie.is_answered, sorted.is_answered) as is_answered,
        coalesce(tie.is_failed_attempt, sorted.is_failed_attempt) as is_failed_attempt
    from contact_sorted as sorted left join contact_tie as tie on sorted.place = tie.place
),
beside as (
    select
        *,
        started_on - date '1970-01-01' as day,
        coalesce(lag(customer_number) over () = customer_number and started_us - lag(started_us) over () < $gap_us,
            false) as goes_on,
        lag(started_on) over () as previous_on
    from contact
),
chained as (
    select *, max(case when not goes_on then place * 100000 + day end) over (rows unbounded preceding) % 100000
        as chain_day
    from beside
),
started as (select *, not goes_on or (day - chain_day >= $reach_days and previous_on < started_on) as is_start
    from chained),
final as (
    select
        customer_number, topic_key, started_us, started_on, contact_seconds, contact_number, bits, is_answered,
        is_failed_attempt, place,
        max(case when is_start then place end) over (rows unbounded preceding) as incident_place
    from started
)
select * from final
