-- Days on which the core table is not, key for key, what the raw rows leave after quarantine and replacement.
with expected as (
    select subject_on, count(*) as row_count, sum(hash(subject_id, rest_of_key)) as key_sum
    from nearby
    anti join refused using (batch_number, line_number)
    anti join replaced using (batch_number, line_number)
    group by all
),
found as (
    select subject_on, count(*) as row_count, sum(hash(subject_id, rest_of_key)) as key_sum from held group by all
),
final as (
    select subject_on, coalesce(expected.row_count, 0) as expected_rows, coalesce(found.row_count, 0) as found_rows
    from expected full join found using (subject_on)
    where expected.key_sum is distinct from found.key_sum or expected.row_count is distinct from found.row_count
)
select * from final
order by subject_on
