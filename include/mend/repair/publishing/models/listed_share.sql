-- model: listed_share
-- grain: one group of candidates: an age band, a gender, a city, a value cluster
-- inputs: candidate_row
-- order: what_code, group_code
-- How many of each group's candidates are on the list.
--   age_band_code | outcome_code   what_code | group_code | candidate_count | listed_count
--   60            | listed         age_band  | 60         | 2               | 1
--   60            | gated
with
counted as (
    select
        age_band_code,
        gender_code,
        city_code,
        coalesce(value_code, 'unknown') as value_code,
        count(*) as candidates,
        count(case when outcome_code = 'listed' then 1 end) as listed
    from candidate_row
    group by all
),
grouped as (
    select 'age_band' as what_code, age_band_code as group_code, candidates, listed from counted
    union all
    select 'gender', gender_code, candidates, listed from counted
    union all
    select 'city', city_code, candidates, listed from counted
    union all
    select 'value', value_code, candidates, listed from counted
),
final as (
    select
        what_code,
        group_code,
        cast(sum(candidates) as bigint) as candidate_count,
        cast(sum(listed) as bigint) as listed_count
    from grouped
    group by what_code, group_code
)
select * from final
