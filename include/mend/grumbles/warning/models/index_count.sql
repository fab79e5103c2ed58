-- model: index_count
-- grain: one match
-- inputs: month_index
-- Items and replies by match, over all cities.
select match_code, count(*) as items, sum(reply_count) as replies from month_index where city_code = 'all'
    group by match_code
