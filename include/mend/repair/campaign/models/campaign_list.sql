-- model: campaign_list
-- grain: one candidate and strategy on the list
-- inputs: campaign_row, campaign_case, campaign_candidate, campaign_strategy, campaign_reason, campaign_experience
-- params: month, carried_en, carried_zh, said_en, said_zh, place_happened, place_amount, place_month, place_valid_until
-- The list in words, with the benefit that is expected and its 95 % interval.
with
priced as (
    select
        campaign_row.*,
        campaign_case.cost,
        campaign_case.amount,
        campaign_case.benefit,
        campaign_case.benefit_low,
        campaign_case.benefit_high,
        campaign_row.planned_on + campaign_strategy.valid_days - 1 as valid_until
    from campaign_row
    join campaign_case
        on campaign_row.place = campaign_case.place and campaign_row.strategy_number = campaign_case.strategy_number
    join campaign_strategy on campaign_row.strategy_number = campaign_strategy.strategy_number
),
final as (
    select
        campaign_strategy.strategy_code,
        campaign_strategy.channel_code,
        campaign_candidate.city_code,
        priced.rank,
        campaign_candidate.customer_id,
        campaign_strategy.is_entitlement,
        priced.is_overload,
        priced.planned_on,
        priced.planned_on as valid_from,
        priced.valid_until,
        campaign_candidate.level,
        campaign_candidate.score,
        campaign_candidate.segment_code,
        coalesce(
            campaign_reason.reasons_en, case when campaign_candidate.score > 0 then $carried_en else $said_en end
        ) as reasons_en,
        coalesce(
            campaign_reason.reasons_zh, case when campaign_candidate.score > 0 then $carried_zh else $said_zh end
        ) as reasons_zh,
        replace(replace(replace(replace(
            campaign_strategy.label_en, $place_happened, campaign_experience.happened_en), $place_amount,
                cast(priced.amount as varchar)),
            $place_month, $month), $place_valid_until, cast(priced.valid_until as varchar)) as label_en,
        replace(replace(replace(replace(
            campaign_strategy.label_zh, $place_happened, campaign_experience.happened_zh), $place_amount,
                cast(priced.amount as varchar)),
            $place_month, $month), $place_valid_until, cast(priced.valid_until as varchar)) as label_zh,
        campaign_strategy.action_code,
        priced.amount,
        priced.cost,
        priced.benefit,
        priced.benefit_low,
        priced.benefit_high,
        priced.sample_probability
    from priced
    join campaign_candidate on priced.place = campaign_candidate.place
    join campaign_strategy on priced.strategy_number = campaign_strategy.strategy_number
    join campaign_experience on priced.place = campaign_experience.place
    left join campaign_reason on campaign_candidate.reason_ids = campaign_reason.reason_ids
)
select * from final
