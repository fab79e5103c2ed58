-- model: contact_placed
-- grain: one inbound contact
-- inputs: contact_incident
-- share: customer_id
-- params: topic_reach_us
-- fills: bits_after_neighbours
-- Each contact beside its neighbours on the same topic: a second sort, by customer, topic and place, and windows along
-- the sorted rows. Never further than every run looks, so that a run of a month and thirty runs of a day see the same.
with
in_order as (select * from (select * from contact_incident order by customer_number, topic_key, place)),
beside as (
    select
        *,
        case when lag(topic_key) over () = topic_key then started_us - lag(started_us) over () end as since_us,
        case when lead(topic_key) over () = topic_key then lead(started_us) over () - started_us end as until_us
    from in_order
),
featured as (
    select
        * exclude (since_us, until_us),
        case when since_us <= $topic_reach_us then since_us / 1e6 end as previous_same_topic_seconds,
        case when until_us <= $topic_reach_us then until_us / 1e6 end as next_same_topic_seconds
    from beside
),
final as (
    select * exclude (previous_same_topic_seconds, next_same_topic_seconds) replace ({bits_after_neighbours} as bits)
        from featured
)
select * from final
