-- Each inbound contact beside the customer's contacts before and after it. Input: contact_narrow.
with
contact as (
    select
        contact_key, customer_key, topic_key, started_us, tie, started_on, contact_seconds, is_answered, is_failed_attempt, is_target, bits
    from contact_narrow
    where not is_outbound
),
beside as (
    select
        *,
        lag(started_us) over customer as previous_us,
        lead(started_us) over customer as next_us,
        started_us - lag(started_us) over topic as since_same_topic_us,
        lead(started_us) over topic - started_us as until_same_topic_us
    from contact
    window
        customer as (partition by customer_key order by started_us, tie),
        topic as (partition by customer_key, topic_key order by started_us, tie)
),
final as (
    select
        * exclude (since_same_topic_us, until_same_topic_us),
        -- Never further back than every run looks, so that a run of a month and thirty runs of a day see the same.
        case when since_same_topic_us <= $reach_us then since_same_topic_us / 1e6 end as previous_same_topic_seconds,
        until_same_topic_us / 1e6 as next_same_topic_seconds
    from beside
)
select * from final
