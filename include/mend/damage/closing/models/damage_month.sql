-- model: damage_month
-- grain: one customer in a month
-- inputs: scored, place
-- share: customer_id
-- params: month, is_closed, nothing_left_under, moderate_from, severe_from, critical_from
-- The damaged-customer database: segment, level (never under the explicit grade), city and stage.
select
    $month as month,
    scored.*,
    case
        when scored.ivr_points > 0 and scored.agent_points > 0 then 'double'
        when scored.ivr_points > 0 then 'ivr'
        when scored.agent_points > 0 then 'agent'
        else 'none'
    end as segment_code,
    greatest(
        scored.explicit_grade,
        case
            when scored.score < $nothing_left_under then 0
            when scored.score < $moderate_from then 1
            when scored.score < $severe_from then 2
            when scored.score < $critical_from then 3
            else 4
        end
    ) as level,
    place.lifecycle_stage_code,
    place.city_code,
    coalesce(place.is_last_known, false) as is_last_known,
    coalesce(place.has_left, false) as has_left,
    $is_closed as is_closed
from scored
left join place on scored.customer_id = place.customer_id
