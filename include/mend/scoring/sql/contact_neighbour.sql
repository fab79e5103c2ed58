-- Each inbound contact beside the customer's contacts before and after it. Input: contact_narrow.
with
contact as (select * from contact_narrow where not is_outbound),
beside as (
    select
        *,
        lag(started_at) over customer as previous_at,
        lag(started_at) over topic as previous_same_topic_at,
        lead(started_at) over topic as next_same_topic_at
    from contact
    window
        customer as (partition by customer_id order by started_at, contact_id),
        topic as (partition by customer_id, topic_code order by started_at, contact_id)
),
final as (
    select
        * exclude (previous_same_topic_at, next_same_topic_at),
        -- Never further back than every run looks, so that a run of a month and thirty runs of a day see the same.
        case when epoch_us(started_at) - epoch_us(previous_same_topic_at) <= $reach_us
            then (epoch_us(started_at) - epoch_us(previous_same_topic_at)) / 1e6 end as previous_same_topic_seconds,
        (epoch_us(next_same_topic_at) - epoch_us(started_at)) / 1e6 as next_same_topic_seconds
    from beside
)
select * from final
