-- model: grumble_index
-- grain: one city (or all) and survey item or grumble type
-- inputs: grumble, person, taxonomy, survey_item, answer
-- params: half_rate, month, least_replies
-- Points of a grumble type = 100 x rate / (rate + half_rate), the rate being grumbles per 10 000 customers; the index
-- is their mean by the weights of the item. A grumble of which the area alone is known counts for the points of its
-- area by their weights. Where no customer is known there is no rate, and no index. What is summed are whole numbers
-- (billionths), then divided once: sums of fractions come out differently in the last digit with every order of rows.
-- For the correlation the same is taken of two halves of the customers, drawn by the digest of their id: the index of
-- the first, the satisfaction of the second. Nobody is on both sides, whatever the month.
with
located as (
    select
        coalesce(grumble.city_code, person.city_code, 'unknown') as city_code, grumble_type_code as type_code,
        coalesce(md5_number_lower(grumble.customer_id) % 2 = 0, false) as is_of_first_half
    from grumble
    left join person using (customer_id)
    where grumble_type_code is not null
),
side as (select unnest(['every', 'half']) as side_code),
sided_grumble as (
    select side_code, city_code, type_code from located cross join side where side_code = 'every' or is_of_first_half
),
sided_person as (
    select side_code, city_code
    from person
    cross join side
    where side_code = 'every' or md5_number_lower(customer_id) % 2 = 0
),
sided_answer as (
    select side_code, city_code, item_code, share
    from answer
    cross join side
    where side_code = 'every' or is_of_second_half
),
point as (
    select
        grumble_type_code as type_code, parent_code as area_code, survey_item_code as item_code,
        cast(round(1e9 * weight) as bigint) as weight
    from taxonomy
    where survey_item_code is not null
),
-- What of the grumbles of a type counts for a point: all of its own, of its area's the point's part of the area's
-- weight.
counted_for as (
    select type_code, type_code as point_code, 1 as weight, 1 as area_weight from point
    union all
    select area_code, type_code, weight, sum(weight) over (partition by area_code)
    from point
    where area_code is not null and weight > 0 and area_code not in (select type_code from point)
),
occurred as (
    select side_code, city_code, type_code, count(*) as grumbles from sided_grumble group by all
    union all
    select side_code, 'all', type_code, count(*) from sided_grumble group by all
),
spread as (
    select
        occurred.side_code, occurred.city_code, counted_for.point_code as type_code,
        sum(cast(round(1e9 * grumbles * counted_for.weight / counted_for.area_weight) as bigint)) as grumbles
    from occurred join counted_for using (type_code)
    group by all
    union all
    select side_code, city_code, type_code, 1000000000 * grumbles from occurred anti join counted_for using (type_code)
),
place as (
    select side_code, city_code, count(*) as customers from sided_person group by all
    union all
    select side_code, 'all', count(*) from sided_person group by all
    union all
    select side_code, 'all', 0 from side where not exists (select 1 from sided_person)
),
-- Every point is in every city: a type that nobody grumbled about has no points, not no value.
kind as (
    select type_code, item_code, weight from point
    union all
    select type_code, null, 1000000000 from (select distinct type_code from spread) anti join point using (type_code)
),
scored as (
    select
        place.side_code, place.city_code, coalesce(kind.item_code, kind.type_code) as item_code,
        kind.item_code is not null as has_item,
        kind.weight,
        place.customers, coalesce(spread.grumbles, 0) as grumbles,
        1e-5 * coalesce(spread.grumbles, 0) / nullif(place.customers, 0) as rate
    from place
    cross join kind
    left join spread on spread.side_code = place.side_code and spread.city_code = place.city_code
        and spread.type_code = kind.type_code
),
indexed as (
    select
        side_code, city_code, item_code, has_item, any_value(customers) as customers, sum(grumbles) as grumbles,
        sum(cast(weight as hugeint) * cast(round(1e11 * rate / (rate + $half_rate)) as bigint)) / nullif(sum(weight), 0)
            / 1e9 as grumble_index
    from scored
    group by all
),
rated as (
    select
        side_code, city_code, item_code, count(*) as replies,
        sum(cast(round(1e12 * share) as bigint)) / count(*) / 1e12 as share
    from sided_answer
    group by all
    union all
    select side_code, 'all', item_code, count(*), sum(cast(round(1e12 * share) as bigint)) / count(*) / 1e12
    from sided_answer
    group by all
),
pair as (
    select
        coalesce(indexed.city_code, rated.city_code) as city_code,
        coalesce(indexed.item_code, rated.item_code) as item_code,
        indexed.has_item, indexed.item_code is not null as has_index, indexed.customers, indexed.grumbles,
        indexed.grumble_index,
        rated.replies, rated.share
    from (select * from indexed where side_code = 'every') as indexed
    full join (select * from rated where side_code = 'every') as rated
        on rated.city_code = indexed.city_code and rated.item_code = indexed.item_code
),
asked as (
    select * from pair
    union all
    select 'all', survey_item_code, null, false, null, null, null, null, null
    from survey_item
    where survey_item_code not in (select item_code from pair)
),
final as (
    select
        $month as month, asked.city_code, asked.item_code as survey_item_code,
        case when not asked.has_index then 'survey_only' when asked.has_item then 'matched'
            else 'grumble_only' end as match_code,
        cast(round(coalesce(asked.grumbles, 0) / 1e9) as bigint) as grumble_count,
        coalesce(asked.customers, (select place.customers from place where place.side_code = 'every'
                and place.city_code = asked.city_code), 0) as customer_count,
        round(asked.grumble_index, 6) as grumble_index,
        coalesce(asked.replies, 0) as reply_count,
        case when asked.replies >= $least_replies then round(100 * asked.share, 6) end as satisfaction,
        round(first_half.grumble_index, 6) as first_half_index,
        case when second_half.replies >= $least_replies then round(100 * second_half.share, 6) end
            as second_half_satisfaction
    from asked
    left join indexed as first_half on first_half.side_code = 'half' and first_half.city_code = asked.city_code
        and first_half.item_code = asked.item_code
    left join rated as second_half on second_half.side_code = 'half' and second_half.city_code = asked.city_code
        and second_half.item_code = asked.item_code
)
select * from final
