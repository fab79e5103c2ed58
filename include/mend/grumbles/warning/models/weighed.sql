-- model: weighed
-- grain: one night and open grumble
-- inputs: open_grumble, feature, solved_part, tolerance_part
-- params: duration_2, duration_3, duration_4, duration_5, association_neutral, association_2, association_3, association_4, association_5, tolerance_neutral, duration_weight, solved_weight, association_weight, tolerance_weight
-- Parts and points of each night's open grumbles. solved_part, tolerance_part: codes and their part.
with
parted as (
    select
        open_grumble.day_on, open_grumble.grumble_id, open_grumble.grumbled_at, open_grumble.age_days,
        feature.coefficient as association_coefficient,
        1 + cast(age_days >= $duration_2 as integer) + cast(age_days >= $duration_3 as integer)
            + cast(age_days >= $duration_4 as integer) + cast(age_days >= $duration_5 as integer) as duration_part,
        solved_part.part as solved_part,
        case
            when feature.coefficient is null then $association_neutral
            else 1 + cast(feature.coefficient >= $association_2 as integer)
                + cast(feature.coefficient >= $association_3 as integer)
                + cast(feature.coefficient >= $association_4 as integer)
                    + cast(feature.coefficient >= $association_5 as integer)
        end as association_part,
        coalesce(tolerance_part.part, $tolerance_neutral) as tolerance_part
    from open_grumble
    join (select day_on, grumble_id, coefficient from feature) as feature using (day_on, grumble_id)
    join solved_part on solved_part.code = open_grumble.solved_state_code
    left join tolerance_part on tolerance_part.code = open_grumble.behaviour_code
),
final as (
    select
        *,
        $duration_weight * duration_part + $solved_weight * solved_part + $association_weight * association_part
            + $tolerance_weight * tolerance_part as points
    from parted
)
select * from final
