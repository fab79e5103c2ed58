-- model: input_grumble
-- grain: one grumble of a known type
-- inputs: grumble_file
-- share: customer_id
-- Grumbles of the month and of the days before it that the longest window needs.
select customer_id, grumble_type_code, grumbled_at, grumbled_on, cast(solved_at as date) as solved_on, solution_words
from grumble_file
where grumble_type_code is not null
