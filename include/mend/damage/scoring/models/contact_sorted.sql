-- model: contact_sorted
-- grain: one inbound contact
-- inputs: contact_scanned
-- share: customer_id
-- The contacts of a customer after one another: one sort, and every window later looks along the sorted rows (`over
-- ()`), which needs no partitions and costs little. `is_tied`: began in the very moment of the contact before it.
-- Customer 1 at 09:00 and 09:10, customer 2 at 08:00 and 08:00: places 1, 2, 3, 4; the last is tied.
with
contact as (
    select customer_number, topic_key, started_us, started_on, contact_seconds, contact_number, bits, is_answered,
    is_failed_attempt
    from contact_scanned
    where not is_outbound
),
in_order as (select * from (select * from contact order by customer_number, started_us)),
final as (
    select
        *,
        row_number() over () as place,
        coalesce(lag(customer_number) over () = customer_number and lag(started_us) over () = started_us, false)
            as is_tied
    from in_order
)
select * from final
