-- Each inbound contact in its incident: contacts less than the gap apart. An incident belongs to the day it began; a chain that goes on
-- over a whole day is cut at the midnight after that day, so that an incident can be told from two days of contacts.
-- One sort by customer and time; then every window looks along the sorted rows (`over ()`), which needs no partitions and costs little.
-- A running max() over "place and value in one number" finds the value at the latest start. Input: contact_narrow.
with
contact as (
    select
        rowid as contact_key, contact_id, customer_key, topic_key, started_us, started_on, contact_seconds, is_answered, is_failed_attempt,
        is_target, bits
    from contact_narrow
    where not is_outbound
),
in_order as (select * exclude (contact_id) from (select * from contact order by customer_key, started_us, contact_id)),
beside as (
    select
        *,
        started_on - date '1970-01-01' as day,
        row_number() over () as place,
        coalesce(lag(customer_key) over () = customer_key, false) as has_previous,
        lag(started_us) over () as previous_us,
        lag(started_on) over () as previous_on,
        coalesce(lead(customer_key) over () = customer_key, false) as has_next,
        lead(started_us) over () as next_us,
        lead(started_on) over () as next_on
    from in_order
),
chain as (
    select *, not (has_previous and started_us - previous_us < $gap_us) as is_chain_start
    from beside
),
chained as (
    select *, max(case when is_chain_start then place * 100000 + day end) over (rows unbounded preceding) % 100000 as chain_day
    from chain
),
-- The first contact of a day whose chain began more than a day before starts an incident, too.
started as (select *, is_chain_start or (chain_day < day - 1 and previous_on < started_on) as is_start from chained),
placed as (
    select
        *,
        max(case when is_start then place * 100000 + day end) over (rows unbounded preceding) % 100000 as incident_day,
        max(case when is_start then place * 4294967296 + contact_key end) over (rows unbounded preceding) % 4294967296 as incident_key,
        count(case when is_start then 1 end) over (rows unbounded preceding) as incident_number
    from started
),
-- A customer's contacts of one day that belong to incidents of one day stand together: their last one counts them for the exposure.
beside_incident as (select *, lag(incident_day) over () as previous_incident_day from placed),
group_start as (
    select *, not has_previous or previous_on < started_on or (is_start and previous_incident_day < day) as is_group_start
    from beside_incident
),
counted as (
    select
        *,
        place + 1 - max(case when is_group_start then place end) over (rows unbounded preceding) as contact_count,
        incident_number - max(case when is_group_start then incident_number - cast(is_start as integer) end) over (rows unbounded preceding)
            as incident_count
    from group_start
),
final as (
    select
        contact_key, customer_key, topic_key, started_us, started_on, contact_seconds, is_answered, is_failed_attempt, is_target, bits, place,
        incident_key,
        date '1970-01-01' + cast(incident_day as integer) as incident_on,
        not has_next or next_on > started_on or (next_us - started_us >= $gap_us and incident_day < day) as is_last_of_group,
        contact_count,
        incident_count
    from counted
)
select * from final
