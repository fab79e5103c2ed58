-- model: matched_item
-- grain: one survey item
-- inputs: index_month
-- Items that have an index.
select distinct survey_item_code from index_month where match_code = 'matched' order by survey_item_code
