-- model: area_number
-- grain: one area of a complaint
-- inputs: input_complaint
-- Areas numbered from 1, as topics are.
select area_code, cast(row_number() over (order by area_code) as integer) as area_no
from (select distinct area_code from input_complaint where area_code is not null)
