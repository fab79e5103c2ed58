-- model: day_difference
-- grain: one day on which the core table is not, key for key, what the raw rows leave after quarantine and replacement
-- inputs: raw_day, core_day, known_batch, quarantined_line, core_superseded
-- share: whole
-- fills: subject_id, rest_of_key, subject_on
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
    select subject_on, count(*) as row_count, sum(md5_number_lower(concat_ws('|', subject_id, rest_of_key))) as key_sum
    from valid
    group by all
),
found as (
    select subject_on, count(*) as row_count, sum(md5_number_lower(concat_ws('|', subject_id, rest_of_key))) as key_sum
    from stored
    group by all
),
final as (
    select subject_on, coalesce(expected.row_count, 0) as expected_count, coalesce(found.row_count, 0) as found_count
    from expected full join found using (subject_on)
    where expected.key_sum is distinct from found.key_sum or expected.row_count is distinct from found.row_count
    order by subject_on
)
select * from final
