-- model: graded
-- grain: one night and open grumble
-- inputs: open_grumble, feature, solved_part, tolerance_part
-- params: duration_2, duration_3, duration_4, duration_5, association_neutral, association_2, association_3, association_4, association_5, tolerance_neutral, duration_weight, solved_weight, association_weight, tolerance_weight, permille_5, permille_4, permille_3, permille_2
-- Parts, points and level of each night's open grumbles. Levels are shares of the night's grumbles, most points first;
-- of equal points the older comes first, then the smaller id. solved_part, tolerance_part: codes and their part.
with
parted as (
    select
        open_grumble.day_on, open_grumble.grumble_id, open_grumble.grumbled_at,
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
weighed as (
    select
        *,
        $duration_weight * duration_part + $solved_weight * solved_part + $association_weight * association_part
            + $tolerance_weight * tolerance_part as points
    from parted
),
ranked as (
    select
        *,
        row_number() over (partition by day_on order by points desc, grumbled_at, grumble_id) as place,
        count(*) over (partition by day_on) as grumbles
    from weighed
),
final as (
    -- In halves of thousandths, so that no rounding of floats decides: 2 x place - 1 halves against permille of the
    -- night's grumbles.
    select
        day_on, grumble_id, association_coefficient, duration_part, solved_part, association_part, tolerance_part,
        points,
        case
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_5 then 5
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_4 then 4
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_3 then 3
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_2 then 2
            else 1
        end as level
    from ranked
)
select * from final
