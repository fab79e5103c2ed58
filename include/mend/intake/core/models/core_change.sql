-- model: core_change
-- grain: one key and day that an arrival touched
-- inputs: version, change_before
-- share: whole
-- params: record
-- Which rows came: every version of every key that came that day, and what an earlier load of the same arrivals touched
-- (its rows may have been read differently then, and have gone from their day since).
with
arrival as (
    select distinct subject_id, arrived_on from version where is_arriving
),
touched as (
    select arrival.arrived_on, version.subject_on, version.subject_id, version.customer_id
    from version inner join arrival using (subject_id)
    where not version.is_withdrawn
    union
    select arrived_on, subject_on, subject_id, customer_id from change_before
),
final as (
    select $record as record_code, * from touched
)
select * from final
