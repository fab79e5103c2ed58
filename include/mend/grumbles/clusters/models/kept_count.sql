-- model: kept_count
-- grain: one kind
-- inputs: watch_before, watched
-- fills: spreads, value_still, consumption_still, behaviour_still
-- Of the customers who hardly moved, each own figure by no more than so many standard deviations (of the month before),
-- how many kept their label. Of consumption those count who had a contact in both months, of behaviour those who had
-- shown something.
with
spread as (
    select {spreads} from watch_before
),
pair as (
    select
        {value_still} as is_value_still,
        {consumption_still} and then_.traditional_count + then_.ivr_sms_count + then_.web_wap_count > 0
            as is_consumption_still,
        {behaviour_still} and then_.is_shown as is_behaviour_still,
        then_.value_code = now_.value_code as is_value_kept,
        then_.consumption_code = now_.consumption_code as is_consumption_kept,
        then_.behaviour_code = now_.behaviour_code as is_behaviour_kept
    from watch_before as then_
    join watched as now_ on now_.customer_id = then_.customer_id
    cross join spread
),
final as (
    select 'value' as kind_code, count(case when is_value_still then 1 end) as still,
        count(case when is_value_still and is_value_kept then 1 end) as kept
    from pair
    union all
    select 'consumption', count(case when is_consumption_still then 1 end),
        count(case when is_consumption_still and is_consumption_kept then 1 end)
    from pair
    union all
    select 'behaviour', count(case when is_behaviour_still then 1 end),
        count(case when is_behaviour_still and is_behaviour_kept then 1 end)
    from pair
)
select * from final
