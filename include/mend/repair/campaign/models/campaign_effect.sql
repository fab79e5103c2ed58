-- model: campaign_effect
-- grain: one strategy and something bad that it was measured by
-- inputs: effect_file
-- params: month, bad_outcomes, width
-- order: strategy_code, outcome_code
-- By how much a strategy made something bad rarer, in the newest month before in which that was measured, by intention
-- to treat, with its standard deviation.
with
measured as (
    select
        strategy_code,
        outcome_code,
        -difference as helped_share,
        (high - low) / $width as deviation
    from effect_file
    where month < $month and estimand_code = 'itt' and strategy_code <> 'all'
        and list_contains($bad_outcomes, outcome_code) and difference is not null and high > low
    qualify row_number() over (partition by strategy_code, outcome_code order by month desc, version desc) = 1
),
final as (select strategy_code, helped_share, deviation, outcome_code from measured)
select * from final
