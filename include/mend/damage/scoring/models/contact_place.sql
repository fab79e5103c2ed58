-- model: contact_place
-- grain: one contact that a rating or booking may mean
-- inputs: near_contact
-- share: customer_id
-- params: incident_gap_seconds, incident_reach_days
-- The incident of each inbound contact: a customer's contacts less than the gap apart. Its id is that of its first
-- contact. As in contact_incident, a chain that goes on for longer than `incident_reach_days` is cut at each further
-- midnight. A call from us belongs to none. One sort by number, and windows along the
-- sorted rows.
with
customer as (
    select row_number() over () as customer_number, customer_id
    from (select distinct customer_id from near_contact where is_inbound and customer_id is not null)
),
in_order as (
    select * from (
        select customer_number, contact_id, customer_id, started_at, is_inbound, is_failed_attempt
        from near_contact join customer using (customer_id)
        where is_inbound
        order by customer_number, started_at, contact_id
    )
),
beside as (
    select
        *,
        row_number() over () as place,
        cast(started_at as date) as started_on,
        cast(lag(started_at) over () as date) as previous_on,
        coalesce(
            lag(customer_number) over () = customer_number
            and epoch_us(started_at) - epoch_us(lag(started_at) over ())
                < cast($incident_gap_seconds as bigint) * 1000000,
            false
        ) as goes_on
    from in_order
),
chained as (
    select
        *,
        started_on - date '1970-01-01' as day,
        max(case when not goes_on then place * 100000 + (started_on - date '1970-01-01') end)
            over (rows unbounded preceding) % 100000 as chain_day
    from beside
),
started as (
    select *, not goes_on or (day - chain_day >= $incident_reach_days and previous_on < started_on) as is_first
    from chained
),
placed as (
    select
        contact_id, customer_id, started_at, is_inbound, is_failed_attempt, place,
        max(case when is_first then place end) over (rows unbounded preceding) as incident_place
    from started
),
final as (
    select
        placed.* exclude (place, incident_place),
        coalesce(first_contact.contact_id, placed.contact_id) as incident_id
    from placed
    left join placed as first_contact
        on placed.incident_place = first_contact.place and placed.incident_place <> placed.place
    union all by name
    select *, cast(null as varchar) as incident_id from near_contact where not is_inbound and customer_id is not null
)
select * from final
