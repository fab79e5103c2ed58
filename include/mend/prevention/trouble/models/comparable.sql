-- model: comparable
-- grain: one indicator that can be held against the months before
-- inputs: indicator_month_file, indicator_file, ledger_file
-- params: months, history_from, last_on
-- Like is held against like: an indicator that was not measured in one of the months, or of which the rules of one of
-- them say something else, would make every source look better or worse.
with
month_measured as (
    select indicator_id
    from indicator_month_file
    where list_contains($months, month) and is_measured
    group by indicator_id
    having count(distinct month) = len($months)
),
version_used as (
    select distinct rule_version from ledger_file where posted_on between $history_from and $last_on
),
unchanged as (
    select indicator_id, max(stage_code) as stage_code
    from indicator_file
    semi join version_used on indicator_file.rule_version = version_used.rule_version
    group by indicator_id
    having count(distinct (points, condition, stage_code)) = 1
        and count(distinct rule_version) = (select count(*) from version_used)
),
final as (
    select month_measured.indicator_id, unchanged.stage_code
    from month_measured
    join unchanged on month_measured.indicator_id = unchanged.indicator_id
)
select * from final
