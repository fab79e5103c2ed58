-- model: contact_place
-- grain: one contact that a rating or booking may mean
-- inputs: near_contact
-- share: customer_id
-- params: incident_gap_seconds, incident_reach_days
-- The incident of each inbound contact: a customer's contacts less than the gap apart. Its id is that of its first
-- contact. As in contact_incident, a chain that goes on for longer than `incident_reach_days` is cut at each further
-- midnight. A call from us belongs to none.
with
beside as (
    select
        *,
        cast(started_at as date) as started_on,
        cast(lag(started_at) over contacts as date) as previous_on,
        coalesce(
            epoch_us(started_at) - epoch_us(lag(started_at) over contacts) < cast($incident_gap_seconds as bigint)
                * 1000000, false
        ) as goes_on
    from near_contact
    where is_inbound and customer_id is not null
    window contacts as (partition by customer_id order by started_at, contact_id)
),
chained as (
    select
        *,
        last_value(case when not goes_on then started_on end ignore nulls) over (
            partition by customer_id order by started_at, contact_id rows between unbounded preceding and current row
        ) as chain_on
    from beside
),
started as (
    select *, not goes_on or (started_on - chain_on >= $incident_reach_days and previous_on < started_on) as is_first
    from chained
),
placed as (
    select
        * exclude (is_first, started_on, previous_on, goes_on, chain_on),
        last_value(case when is_first then contact_id end ignore nulls) over (
            partition by customer_id order by started_at, contact_id rows between unbounded preceding and current row
        ) as incident_id
    from started
),
final as (
    select * from placed
    union all by name
    select *, cast(null as varchar) as incident_id from near_contact where not is_inbound and customer_id is not null
)
select * from final
