-- Every version, on the days near, of the keys that lie on the days in question or that arrived in this run.
with wanted as (
    select subject_id from nearby semi join asked_day using (subject_on)
    union
    select subject_id from arrived
),
final as (
    select nearby.* from nearby semi join wanted using (subject_id)
)
select * from final
