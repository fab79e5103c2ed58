-- Each inbound contact with its incident and its neighbours on the same topic: a second sort, by customer, topic and place, and windows
-- along the sorted rows. Never further than every run looks, so that a run of a month and thirty runs of a day see the same.
-- Input: contact_incident.
with
in_order as (select * from (select * from contact_incident order by customer_key, topic_key, place)),
beside as (
    select
        *,
        lag(customer_key) over () = customer_key and lag(topic_key) over () = topic_key as has_previous,
        started_us - lag(started_us) over () as since_us,
        lead(customer_key) over () = customer_key and lead(topic_key) over () = topic_key as has_next,
        lead(started_us) over () - started_us as until_us
    from in_order
),
final as (
    select
        * exclude (has_previous, since_us, has_next, until_us),
        case when has_previous and since_us <= $reach_us then since_us / 1e6 end as previous_same_topic_seconds,
        case when has_next and until_us <= $reach_us then until_us / 1e6 end as next_same_topic_seconds
    from beside
)
select * from final
