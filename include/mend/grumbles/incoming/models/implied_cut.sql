-- model: implied_cut
-- grain: one level from 2 to 5
-- inputs: open_row
-- The least place of a night that reached each level, where no cut points are in force yet.
with
level_from as (select unnest([5, 4, 3, 2]) as level),
placed as (
    select level, (points, age_days, coalesce(association_coefficient, -1000.0)) as key from open_row
),
least as (
    select level_from.level, min(placed.key) as key
    from level_from
    join placed on placed.level >= level_from.level
    group by level_from.level
),
final as (
    select level, key[1] as points, key[2] as age_days, key[3] as coefficient from least
)
select * from final
