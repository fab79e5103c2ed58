-- Chains of contacts that come of reactions: a complaint; and two calls about one thing, less than a week apart. Those
-- that would have come and do not are lived too: what would have been is told from them, before they are taken out.
insert into planned_contact by name
with
chain as (
    select number, month_index, campaign_on, day_count, r, 'X' as letter, 0 as later_days, 'complaint' as purpose
    from reaction
    where would_complain or does_complain
    union all
    select number, month_index, campaign_on, day_count, r, 'Y', 0, 'first'
    from reaction
    where would_repeat or does_repeat
    union all
    select number, month_index, campaign_on, day_count, r, 'Z', 1 + floor(draw(r, 'gap') * 5)::integer, 'repeat'
    from reaction
    where would_repeat or does_repeat
),
timed as (
    select *, mix(mix(r, 'chain'), letter) as h,
        mix(r, case letter when 'X' then 'complaint' else 'again' end) as about
    from chain
),
final as (
    select
        number,
        'C' || lpad(number::varchar, 8, '0') || '-' || letter || lpad(month_index::varchar, 3, '0') as chain_id,
        0 as step,
        h,
        campaign_on + to_days(9 + floor(draw(about, 'day') * (day_count - 18))::integer + later_days)
            + to_seconds(9 * 3600 + floor(draw(h, 'clock') * 36000)::integer) as started_at,
        topic_pick.code as topic_code,
        'hotline' as touchpoint_code,
        purpose,
        1.0 as trouble,
        false as is_congested
    from timed
    join topic_pick on topic_pick.slot = floor(draw(about, 'topic') * 8192)::integer
)
select * from final
