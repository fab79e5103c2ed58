-- The people of one chunk, numbered $first_number to $last_number, with their lasting traits.
create or replace temp table person as
with
numbered as (
    select number, mix(mix(world.root, 'person'), number) as h
    from range($first_number, $last_number + 1) as numbers(number)
    cross join world
),
final as (
    select
        number,
        h,
        (120000000000 + number)::varchar as customer_id,
        -- Multiplying by a number that shares no factor with 10 gives each customer a phone number of their own.
        '+8613' || lpad(((number * 618033989 + 271828183) % 1000000000)::varchar, 9, '0') as phone_number,
        city_pick.code as city_code,
        brand_pick.code as brand_code,
        plan_pick.code as plan_code,
        case when draw(h, 'gender') < 0.49 then 'female' when draw(h, 'gender') < 0.99 then 'male'
            else 'other' end as gender_code,
        2008 - floor(draw(h, 'birth') * draw(h, 'birth2') * 55)::integer as birth_year,
        -- Most have been customers for years; some joined lately, a few join while the world runs.
        case
            when draw(h, 'join') < 0.03
                then world.opens_at::date
                + floor(draw(h, 'joined') * date_diff('day', world.opens_at, world.horizon))::integer
            when draw(h, 'join') < 0.20 then world.opens_at::date - 1 - floor(draw(h, 'joined') * 365)::integer
            else world.opens_at::date - 366 - floor(draw(h, 'joined') * 5500)::integer
        end as joined_on,
        -- The month (counted from the first) in which the customer leaves, if ever: 1.2 % a month.
        floor(waiting(h, 'leaves', 80.0))::integer as leaves_month,
        exp(0.45 * normal(h, 'spend') * value_group.spread) * 60 * value_group.spend as base_arpu,
        value_group.value_code,
        value_group.value_group_code,
        consumption_group.* exclude (slot),
        behaviour_group.* exclude (slot, needs, impatience),
        -- Decline: from some month on, spend and use fall by half.
        case when draw(h, 'declines') < 0.10
            then floor(draw(h, 'decline_month') * 8)::integer - 3 end as declines_month,
        exp(0.5 * normal(h, 'impatience') - 0.125) * behaviour_group.impatience as impatience,
        draw(h, 'survey_consent') < 0.85 as has_survey_consent,
        draw(h, 'marketing_consent') < 0.55 as has_marketing_consent,
        -- Needs a month: many have none, a few call again and again. 0.92 turns needs into contacts (redials and
        -- repeats come on top).
        least(300.0, exp(0.65 * normal(h, 'need') - 0.21) * world.contacts_per_month * 0.92 * behaviour_group.needs)
            as needs_per_month
    from numbered
    cross join world
    join city_pick on city_pick.slot = floor(draw(numbered.h, 'city') * 8192)::integer
    join brand_pick on brand_pick.slot = floor(draw(numbered.h, 'brand') * 8192)::integer
    join plan_pick on plan_pick.slot = floor(draw(numbered.h, 'plan') * 8192)::integer
    -- Groups that are planted; without any each is one row for all, and changes nothing.
    join value_group on value_group.brand_code = brand_pick.code
        and value_group.slot = floor(draw(numbered.h, 'value_group') * 8192)::integer
    join consumption_group on consumption_group.slot = floor(draw(numbered.h, 'consumption_group') * 8192)::integer
    join behaviour_group on behaviour_group.slot = floor(draw(numbered.h, 'behaviour_group') * 8192)::integer
)
select * from final
