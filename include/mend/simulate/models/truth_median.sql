-- The exact median of each topic and month from counts by second: the mean of the two middle ones when there are evenly
-- many.
with
counted as (
    select month_on, topic_code, seconds, sum(contacts)::bigint as contacts
    from handling_count
    group by all
),
ranked as (
    select
        *,
        sum(contacts) over (partition by month_on, topic_code order by seconds) as reached,
        sum(contacts) over (partition by month_on, topic_code) as total
    from counted
),
final as (
    select
        month_on, topic_code,
        -- The middle ranks are (total + 1) // 2 and total // 2 + 1; for an odd total they are the same one.
        (min(case when reached >= (total + 1) // 2 then seconds end)
            + min(case when reached >= total // 2 + 1 then seconds end)) / 2.0::double as median_seconds,
        max(total)::bigint as contact_count
    from ranked
    group by month_on, topic_code
)
select * from final
