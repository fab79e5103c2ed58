-- model: season_match
-- grain: one theme, product, channel and customer cluster
-- inputs: season_customer, theme
-- params: month
-- fills: themes
-- Whom each theme is for, by what it matches, and how damaged they are. What nobody knows is an empty cell, and matches
-- no theme that asks for it.
with
matched as (
    select unnest(list_filter([{themes}], lambda number: number is not null)) as theme_number, season_customer.*
    from season_customer
),
final as (
    select
        $month as month, theme.theme_code, theme.name_en, theme.name_zh, theme.is_in_season, theme.from_month,
        theme.until_month, matched.brand_code, matched.plan_code, matched.preferred_channel_code, matched.value_code,
        matched.behaviour_code,
        count(*) as customer_count,
        count(*) filter (where level > 0) as damaged_count,
        count(*) filter (where level = 1) as slight_count,
        count(*) filter (where level = 2) as moderate_count,
        count(*) filter (where level = 3) as severe_count,
        count(*) filter (where level = 4) as critical_count,
        theme.rule_version
    from matched
    join theme on matched.theme_number = theme.theme_number
    group by all
)
select * from final
