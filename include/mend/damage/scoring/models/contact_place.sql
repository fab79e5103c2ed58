-- model: contact_place
-- grain: one contact that a rating or booking may mean
-- inputs: near_contact
-- share: customer_id
-- params: incident_gap_seconds
-- The incident of each inbound contact: a customer's contacts less than the gap apart. Its id is that of its first contact.
-- A call from us belongs to none.
with
gap as (
    select
        *,
        coalesce(
            epoch_us(started_at) - epoch_us(lag(started_at) over contacts) >= cast($incident_gap_seconds as bigint) * 1000000, true
        ) as is_first
    from near_contact
    where is_inbound and customer_id is not null
    window contacts as (partition by customer_id order by started_at, contact_id)
),
placed as (
    select
        * exclude (is_first),
        last_value(case when is_first then contact_id end ignore nulls) over (
            partition by customer_id order by started_at, contact_id rows between unbounded preceding and current row
        ) as incident_id
    from gap
),
final as (
    select * from placed
    union all by name
    select *, cast(null as varchar) as incident_id from near_contact where not is_inbound and customer_id is not null
)
select * from final
