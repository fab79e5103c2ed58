-- model: indicator_month
-- grain: one indicator or credit in a month
-- inputs: measured, indicator_total
-- params: month
-- How often each indicator hit in a month; what could not be measured has no figures.
select
    $month as month,
    measured.indicator_id,
    measured.is_measured,
    measured.not_measured_reason,
    case when measured.is_measured then coalesce(indicator_total.hit_count, 0)
        else indicator_total.hit_count end as hit_count,
    case when measured.is_measured then coalesce(indicator_total.customer_count, 0)
        else indicator_total.customer_count end as customer_count,
    case when measured.is_measured then coalesce(indicator_total.points, 0) else indicator_total.points end as points
from measured
left join indicator_total on measured.indicator_id = indicator_total.indicator_id
