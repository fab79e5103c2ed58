-- model: contact_place
-- grain: one contact that a rating or booking may mean
-- inputs: near_contact
-- share: customer_id
-- params: incident_gap_seconds
-- The incident of each contact: contacts of a customer less than the gap apart. Its id is that of its first contact.
with
gap as (
    select
        *,
        coalesce(
            epoch_us(started_at) - epoch_us(lag(started_at) over contacts) >= cast($incident_gap_seconds as bigint) * 1000000, true
        ) as is_first
    from near_contact
    window contacts as (partition by customer_id order by started_at, contact_id)
),
final as (
    select
        * exclude (is_first),
        last_value(case when is_first then contact_id end ignore nulls) over (
            partition by customer_id order by started_at, contact_id rows between unbounded preceding and current row
        ) as incident_id
    from gap
)
select * from final
