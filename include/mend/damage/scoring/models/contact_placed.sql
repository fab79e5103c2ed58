-- model: contact_placed
-- grain: one inbound contact
-- inputs: contact_incident, contact_tie
-- share: customer_id
-- params: topic_reach_us
-- fills: bits_after_neighbours
-- Each contact beside its neighbours on the same topic: a second sort, by topic key and place, and windows along
-- the sorted rows. Never further than every run looks, so that a run of a month and thirty runs of a day see the same.
-- What began in the same moment is in its place first, by ids.
with
contact as (
    select
        incident.customer_number,
        incident.started_us,
        incident.started_on,
        incident.place,
        incident.incident_place,
        incident.is_first,
        case when tie.place is null then incident.topic_key else tie.topic_key end as topic_key,
        coalesce(tie.contact_seconds, incident.contact_seconds) as contact_seconds,
        coalesce(tie.contact_number, incident.contact_number) as contact_number,
        coalesce(tie.bits, incident.bits) as bits,
        coalesce(tie.is_answered, incident.is_answered) as is_answered,
        coalesce(tie.is_failed_attempt, incident.is_failed_attempt) as is_failed_attempt
    from contact_incident as incident left join contact_tie as tie on incident.place = tie.place
),
in_order as (select * from (select * from contact order by topic_key, place)),
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
