-- model: state
-- grain: one version of a touched row that counts from a moment of its own
-- inputs: version
-- share: whole
-- A version counts from version_at until the next one's. Later versions are the better word: one that counts from the
-- same moment, or from an earlier one, corrects it away. So the last state is always the row's valid version.
-- Arrived | version_at | says     | is a state
-- 1st     | Monday     | open     | yes
-- 2nd     | Thursday   | closed   | no: the 4th says that it was closed on Wednesday
-- 3rd     | Wednesday  | closed   | no: the 4th corrects it
-- 4th     | Wednesday  | closed   | yes
with
counted as (
    select * from version where not is_withdrawn and not is_quarantined
),
followed as (
    select
        batch_number,
        line_number,
        version_at,
        min(version_at) over (
            partition by subject_id, rest_of_key
            order by source_updated_at desc nulls last, arrived_on desc, batch_number desc, line_number desc
            rows between unbounded preceding and 1 preceding
        ) as next_at
    from counted
),
final as (
    select batch_number, line_number, version_at from followed where next_at is null or version_at < next_at
)
select * from final
