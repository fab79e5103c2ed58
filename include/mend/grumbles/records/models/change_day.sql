-- model: change_day
-- grain: one record and day
-- inputs: change
-- The days of each record on which rows came with this run.
select distinct record_code, subject_on from change
