-- Whom and which day each arrival touched: every version of every key that came that day, and what an earlier run of the same
-- arrival touched (its rows may have been read differently then, and have gone from their day since).
with arrival as (
    select distinct subject_id, arrived_on from arrived
),
touched as (
    select arrival.arrived_on, kin.subject_on, kin.subject_id, kin.customer_id
    from kin inner join arrival using (subject_id)
    union
    select arrived_on, subject_on, subject_id, customer_id from change_before
),
final as (
    select $record as record_code, * from touched
)
select * from final
