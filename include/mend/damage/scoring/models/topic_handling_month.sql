-- model: topic_handling_month
-- grain: one topic in a month
-- inputs: month_contact
-- share: whole
-- params: month, first_day, last_day
-- Median handling time of each topic in a month.
with
contact as (
    select topic_code, coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) as handling_seconds
    from month_contact
    where started_on between $first_day and $last_day
        and is_answered and topic_code is not null and direction_code = 'inbound' and talk_seconds is not null
),
final as (
    select
        $month as month,
        topic_code,
        cast(median(handling_seconds) as double) as median_handling_seconds,
        count(*) as contact_count
    from contact
    group by topic_code
)
select * from final
