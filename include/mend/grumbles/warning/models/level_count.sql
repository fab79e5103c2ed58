-- model: level_count
-- grain: the nights
-- inputs: grumble_level
-- What the levels and probabilities rest on, counted.
select
    count(*) as open_grumbles,
    count(case when behaviour_code is null then 1 end) as without_cluster,
    count(case when association_coefficient is null then 1 end) as without_association,
    count(case when not is_in_taxonomy then 1 end) as without_taxonomy,
    count(case when probability_source_code = 'model' then 1 end) as from_model,
    count(case when probability_source_code = 'rate' then 1 end) as from_rate,
    count(case when probability_7_days is null then 1 end) as without_probability,
    count(case when level = 5 then 1 end) as level_5,
    count(case when level = 4 then 1 end) as level_4,
    count(case when level = 3 then 1 end) as level_3,
    count(case when level = 2 then 1 end) as level_2,
    count(case when level = 1 then 1 end) as level_1
from grumble_level
