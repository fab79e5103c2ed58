-- model: campaign_city
-- grain: one city with candidates
-- inputs: campaign_candidate
-- Cities in the order of their codes.
with
city as (select distinct city_code from campaign_candidate),
final as (select city_code, cast(row_number() over (order by city_code) - 1 as integer) as city_number from city)
select * from final
