-- What brings people to a touchpoint: each need starts a chain of contacts. This gives every chain's first contact.
create or replace temp table planned_contact as
with
chances as (
    -- Binomial with a chance of a third or less stands in for Poisson: enough spread, and no need of a factorial.
    select
        person.number, person.h, month_setting.month_index, month_setting.day_count,
        ceil(person.needs_per_month * 3)::integer + 2 as tries,
        person.needs_per_month / (ceil(person.needs_per_month * 3) + 2) as chance
    from person
    cross join month_setting
    where person.leaves_month >= month_setting.month_index
),
tried as (
    select number, h, month_index, chance, unnest(range(tries))::integer as try_number
    from chances
),
needs as (
    select number, month_index, try_number, mix(mix(h, 'need'), month_index * 4096 + try_number) as h
    from tried
    where draw(mix(mix(h, 'need'), month_index * 4096 + try_number), 'occurs') < chance
),
timed as (
    select
        needs.*,
        case
            -- Late-evening calls at a month's end and at a day's end: their redials go over midnight.
            when draw(needs.h, 'late') < 0.006
                then month_setting.month_on + to_days(month_setting.day_count - 1)
                + to_seconds(86400 - 600 * draw(needs.h, 'second'))
            when draw(needs.h, 'late') < 0.018
                then date_trunc('day', clock.hour_at) + to_seconds(86400 - 1500 * draw(needs.h, 'second'))
            else clock.hour_at + to_seconds(3600 * draw(needs.h, 'second'))
        end as begins_at
    from needs
    join month_setting using (month_index)
    join clock on clock.month_index = needs.month_index and clock.slot = floor(draw(needs.h, 'slot') * 8192)::integer
),
diallers as (
    -- One line in 2 000 belongs to a machine that calls every 25 minutes for three and a half days: a chain that
    -- outlasts its second day.
    select number, 0 as month_index, unnest(range(200))::integer as step, h
    from person
    where number % 2000 = 77
),
final as (
    select
        timed.number,
        'C' || lpad(timed.number::varchar, 8, '0') || '-' || lpad(month_index::varchar, 2, '0')
            || lpad(try_number::varchar, 3, '0') as chain_id,
        0 as step,
        timed.h,
        date_trunc('second', begins_at) as started_at,
        -- Some kinds of customers call about money, or about anything else, or come by the app.
        case
            when draw(timed.h, 'wants') < person.money_share then about_money.code
            when draw(timed.h, 'wants') < person.money_share + person.other_share then about_other.code
            else topic_pick.code
        end as topic_code,
        case
            when draw(timed.h, 'comes_by') < person.app_share then 'app'
            when draw(timed.h, 'comes_by') < person.app_share + person.hotline_share then 'hotline'
            else touchpoint_pick.code
        end as touchpoint_code,
        'first' as purpose,
        -- Trouble comes in company: one factor raises every failure of the chain. The night shift is short of
        -- everything.
        exp(0.6 * normal(timed.h, 'trouble') - 0.18)
            * case when draw(timed.h, 'late') < 0.018 then 3 else 1 end as trouble,
        -- Some call just when the lines are full, and go on doing so.
        draw(timed.h, 'congested') < 0.008 or draw(timed.h, 'late') < 0.006 as is_congested
    from timed
    join person using (number)
    join topic_pick on topic_pick.slot = floor(draw(timed.h, 'topic') * 8192)::integer
    join wanted_topic as about_money on about_money.is_money
        and about_money.slot = floor(draw(timed.h, 'wanted') * 8192)::integer
    join wanted_topic as about_other on not about_other.is_money
        and about_other.slot = floor(draw(timed.h, 'wanted') * 8192)::integer
    join touchpoint_pick on touchpoint_pick.slot = floor(draw(timed.h, 'touchpoint') * 8192)::integer
    union all
    select
        number,
        'C' || lpad(number::varchar, 8, '0') || '-D' || lpad(step::varchar, 3, '0'),
        0,
        mix(mix(h, 'dialler'), step),
        world.opens_at + to_days(9) + to_seconds(15 * 3600 + floor(draw(h, 'dialler') * 3600)::integer + 1500 * step),
        'balance_query', 'hotline', 'dial', 1.0, false
    from diallers
    cross join world
)
select * from final
