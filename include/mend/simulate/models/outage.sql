-- Hours in which a city's lines and IVR fail. The same for every chunk of customers: it depends on the seed and the
-- month alone.
create or replace temp table outage as
with
planned as (
    select
        month_setting.month_index,
        month_setting.month_on,
        month_setting.day_count,
        mix(mix(world.root, 'outage'), month_setting.month_index * 64 + number) as h
    from month_setting
    cross join world
    cross join range($per_month) as numbers(number)
),
placed as (
    select
        city_pick.code as city_code,
        month_on + to_days(floor(draw(h, 'day') * day_count)::integer)
            + to_hours((8 + floor(draw(h, 'hour') * 13))::integer) as begins_at,
        1 + floor(draw(h, 'length') * 5)::integer as hour_count
    from planned
    join city_pick on city_pick.slot = floor(draw(planned.h, 'city') * 8192)::integer
),
hours as (
    select city_code, begins_at, unnest(range(hour_count)) as step
    from placed
),
final as (
    select distinct city_code, begins_at + to_hours(step::integer) as hour_at
    from hours
)
select * from final
