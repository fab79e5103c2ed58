-- Each inbound contact with its incident and its neighbours on the same topic: a second sort, by customer, topic and time, and windows
-- along the sorted rows. Never further than every run looks, so that a run of a month and thirty runs of a day see the same.
-- Inputs: contact_incident, contact_far (of days further back: starts alone).
with
contact as (
    select * exclude (is_last_of_group, contact_count, incident_count) from contact_incident
    union all by name
    select *, 0 as place from contact_far
),
in_order as (select * from (select * from contact order by customer_key, topic_key, started_us, place)),
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
    where place > 0
)
select * from final
