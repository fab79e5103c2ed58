-- model: day_difference
-- grain: one day on which the core table is not, key for key, what the raw rows leave after quarantine and replacement
-- inputs: raw_day, core_day, known_batch, quarantined_line, core_superseded
-- share: whole
-- fills: subject_id, rest_of_key, subject_on
-- As many rows on each day, and none that is missing: then the keys are the same.
with
valid as (
    select {subject_on} as subject_on, {subject_id} as subject_id, {rest_of_key} as rest_of_key
    from raw_day
    semi join known_batch using (batch_number)
    anti join quarantined_line using (batch_number, line_number)
    anti join core_superseded using (batch_number, line_number)
),
stored as (
    select {subject_on} as subject_on, {subject_id} as subject_id, {rest_of_key} as rest_of_key from core_day
),
expected as (
    select subject_on, count(*) as row_count from valid group by all
),
found as (
    select subject_on, count(*) as row_count from stored group by all
),
missing as (
    select distinct subject_on from valid anti join stored using (subject_on, subject_id, rest_of_key)
),
final as (
    select subject_on, coalesce(expected.row_count, 0) as expected_count, coalesce(found.row_count, 0) as found_count
    from expected full join found using (subject_on)
    where expected.row_count is distinct from found.row_count or subject_on in (select subject_on from missing)
    order by subject_on
)
select * from final
