-- model: outcome
-- grain: one night and open grumble
-- inputs: feature, complaint_after
-- params: last_day
-- Whether the customer complained within 7 and within 30 days after each night. A window that is not over by the last
-- day that is loaded has no outcome yet.
with
next_complaint as (
    select feature.day_on, feature.customer_id, min(date_diff('day', feature.day_on, complaint_after.complained_on))
        as days
    from (select distinct day_on, customer_id from feature) as feature
    join complaint_after on complaint_after.customer_id = feature.customer_id
        and complaint_after.complained_on between feature.day_on + 1 and least(feature.day_on + 30, $last_day)
    group by all
),
final as (
    select
        feature.*,
        case when feature.day_on + 7 <= $last_day then coalesce(next_complaint.days <= 7, false) end as is_complaint_7,
        case when feature.day_on + 30 <= $last_day
            then coalesce(next_complaint.days <= 30, false) end as is_complaint_30
    from feature
    left join next_complaint on next_complaint.day_on = feature.day_on
        and next_complaint.customer_id = feature.customer_id
    where feature.day_on + 7 <= $last_day
)
select * from final
