-- model: grumble_level
-- grain: one night and open grumble
-- inputs: open_grumble, graded, feature, probability_7, probability_30
-- params: rule_version
-- mart_grumble_level: the nights' open grumbles with parts, level and probabilities.
with
final as (
    select
        open_grumble.*,
        graded.* exclude (day_on, grumble_id),
        probability_7.probability as probability_7_days,
        -- More days cannot mean a smaller probability: two models, each right on its own, may say so of single rows.
        greatest(probability_30.probability, probability_7.probability) as probability_30_days,
        probability_7.source_code as probability_source_code,
        probability_7.model_version,
        feature.recent_count,
        feature.complaint_count,
        $rule_version as rule_version
    from open_grumble
    join graded on graded.day_on = open_grumble.day_on and graded.grumble_id = open_grumble.grumble_id
    join feature on feature.day_on = open_grumble.day_on and feature.grumble_id = open_grumble.grumble_id
    join probability_7 on probability_7.day_on = open_grumble.day_on
        and probability_7.grumble_id = open_grumble.grumble_id
    join probability_30 on probability_30.day_on = open_grumble.day_on
        and probability_30.grumble_id = open_grumble.grumble_id
)
select * from final
