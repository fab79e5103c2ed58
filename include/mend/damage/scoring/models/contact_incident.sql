-- model: contact_incident
-- grain: one inbound contact
-- inputs: contact_scanned
-- share: customer_id
-- params: gap_us, reach_days
-- The contacts of a customer after one another, and which of them belong to one bad experience: less than the gap
-- apart, over midnight too. One sort, and windows along the sorted rows (`over ()`), which need no partitions and cost
-- little. `is_tied`: began in the very moment of the contact before it. Incidents are numbered as they begin.
-- An incident covers at most `reach_days` business days: where a chain goes on longer, every further day begins an
-- incident, so that an incident can be told from so many days of contacts.
-- A running max() over "place and day in one number" finds the day on which the latest chain began.
-- Customer 1 at 09:00, 09:20 and 10:00 with a gap of 30 minutes: places 1, 2 and 3, incidents 1, 1 and 2.
with
contact as (
    select customer_number, topic_key, started_us, started_on, contact_seconds, contact_number, bits, is_answered,
    is_failed_attempt
    from contact_scanned
    where not is_outbound
),
in_order as (select * from (select * from contact order by customer_number, started_us)),
beside as (
    select
        *,
        row_number() over () as place,
        started_on - date '1970-01-01' as day,
        case when lag(customer_number) over () = customer_number then started_us - lag(started_us) over () end
            as since_us,
        lag(started_on) over () as previous_on,
        coalesce(lead(customer_number) over () = customer_number and lead(started_on) over () = started_on, false)
            as is_followed
    from in_order
),
chained as (
    select
        *,
        coalesce(since_us < $gap_us, false) as goes_on,
        max(case when not coalesce(since_us < $gap_us, false) then place * 100000 + day end)
            over (rows unbounded preceding) % 100000 as chain_day
    from beside
),
started as (
    select *, not goes_on or (day - chain_day >= $reach_days and previous_on < started_on) as is_first from chained
),
final as (
    select
        * exclude (day, since_us, previous_on, is_followed, goes_on, chain_day),
        coalesce(since_us = 0, false) as is_tied,
        not is_followed as is_last_of_day,
        count(case when is_first then 1 end) over (rows unbounded preceding) as incident_place
    from started
)
select * from final
