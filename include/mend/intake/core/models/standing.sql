-- The valid versions of the keys that came, on days that were loaded before.
select batch_number, line_number
from kin
semi join touched_key using (subject_id)
semi join known_day using (subject_on)
anti join refused using (batch_number, line_number)
anti join loser using (batch_number, line_number)
