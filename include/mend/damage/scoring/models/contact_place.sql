-- model: contact_place
-- grain: one contact that a rating may mean, or that is near one
-- inputs: near_contact, file_survey_reply
-- share: customer_id
-- params: first_day, incident_gap_seconds, incident_reach_days
-- The incident of each rated inbound contact: a customer's contacts less than the gap apart. Its id is that of its
-- first contact. As in contact_incident, a chain that goes on for longer than `incident_reach_days` is cut at each
-- further midnight: so an incident is told by the days that it may reach back to. A call from us belongs to none. One
-- sort by number, and windows along the sorted rows.
with
contact as (
    select contact_id, customer_id, started_at, is_inbound, cast(started_at as date) as started_on
    from near_contact
    where customer_id is not null
),
rated as (
    select * from contact
    where contact_id in (
        select about_id from file_survey_reply where about_kind_code = 'contact' and replied_on >= $first_day
    )
),
customer as (
    select row_number() over () as customer_number, customer_id
    from (select distinct customer_id from rated where is_inbound)
),
near_day as (
    select distinct
        customer_number, customer_id,
        started_on - cast(unnest(range($incident_reach_days + 1)) as integer) as started_on
    from rated join customer using (customer_id)
    where is_inbound
),
in_order as (
    select * from (
        select customer_number, contact_id, customer_id, started_at, started_on, is_inbound
        from contact join near_day using (customer_id, started_on)
        where is_inbound
        order by customer_number, started_at, contact_id
    )
),
beside as (
    select
        *,
        row_number() over () as place,
        lag(started_on) over () as previous_on,
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
        contact_id, customer_id, started_at, is_inbound, place,
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
    select rated.* exclude (started_on), cast(null as varchar) as incident_id from rated
    where not is_inbound
)
select * from final
