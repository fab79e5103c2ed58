-- model: known_count
-- grain: the month
-- inputs: tendency
-- Damaged customers whose tendency to leave is known.
select count(tendency) as known_count
from tendency
