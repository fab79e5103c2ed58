-- model: graded
-- grain: one night and open grumble
-- inputs: weighed, cut
-- params: permille_5, permille_4, permille_3, permille_2
-- Level of each night's open grumbles: by the cut points in force on the night. A grumble reaches a level whose cut
-- point it is not under: by points, of equal points by age, of equal age by its association. A night before the first
-- cut points has the stated shares of its own grumbles, most points first; of equal points the older comes first, then
-- the smaller id.
--
--     cut point of level 5   points 380, 7 days, 0.4      points 380, 9 days, 0.1 -> 5
--                                                         points 380, 7 days, 0.3 -> not 5
with
ranked as (
    select
        weighed.* exclude (age_days),
        (points, age_days, coalesce(association_coefficient, -1000.0)) as key,
        row_number() over (partition by day_on order by points desc, grumbled_at, grumble_id) as place,
        count(*) over (partition by day_on) as grumbles
    from weighed
),
final as (
    -- Shares in halves of thousandths, so that no rounding of floats decides: 2 x place - 1 halves against permille of
    -- the night's grumbles.
    select
        ranked.day_on, grumble_id, association_coefficient, duration_part, solved_part, association_part,
        tolerance_part, points, cut.cut_month,
        case
            when cut.cut_month is not null then case
                when key >= (cut.points_5, cut.age_days_5, cut.coefficient_5) then 5
                when key >= (cut.points_4, cut.age_days_4, cut.coefficient_4) then 4
                when key >= (cut.points_3, cut.age_days_3, cut.coefficient_3) then 3
                when key >= (cut.points_2, cut.age_days_2, cut.coefficient_2) then 2
                else 1
            end
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_5 then 5
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_4 then 4
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_3 then 3
            when (2 * place - 1) * 1000 <= 2 * grumbles * $permille_2 then 2
            else 1
        end as level
    from ranked
    left join cut on cut.day_on = ranked.day_on
)
select * from final
