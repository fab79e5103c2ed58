-- A few plans a month, submitted on its first day. The better the elements, the fewer the complaints.
with
planned as (
    select month_setting.month_on, number, mix(mix(world.root, 'plan'), month_setting.month_index * 64 + number) as h
    from month_setting
    cross join world
    cross join range(9) as numbers(number)
),
counted as (
    select *, least(5, 2 + floor(draw(h, 'elements') * 5)::integer) as element_count,
    500 + floor(waiting(h, 'reached', 40000.0))::integer as reached
    from planned
),
final as (
    select
        'P' || strftime(month_on, '%Y%m') || '-' || lpad(number::varchar, 2, '0') as plan_id,
        month_on as submitted_on,
        (month_on + to_days(7 + floor(draw(h, 'launch') * 14)::integer))::date as launched_on,
        ($products)[1 + floor(draw(h, 'product') * len($products))::integer] as product_code,
        ($channels)[1 + floor(draw(h, 'channel') * len($channels))::integer] as channel_code,
        ($departments)[1 + (number % len($departments))::integer] as department_code,
        array_to_string(($elements)[1:element_count], ',') as elements_present,
        reached as customers_reached_count,
        floor(reached / 10000.0 * (3.4 - 0.4 * element_count) + draw(h, 'complaints'))::integer
            as complaints_after_count
    from counted
)
select * from final
