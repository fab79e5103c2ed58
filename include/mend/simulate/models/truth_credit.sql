-- Truth, step 5: the offers that took something, as ledger rows.
create or replace temp table truth_credit as
with
final as (
    select
        truth_offer.* exclude (points, cause_id),
        nullif(truth_offer.cause_id, truth_offer.subject_id) as cause_id,
        (-taken.thousandths / 1000.0)::decimal(9, 3) as points,
        'credit' as entry_kind_code,
        truth_offer.posted_at::date as posted_on,
        nullif(taken.incident_id, truth_offer.subject_id) as incident_id
    from truth_offer
    join taken on taken.indicator_id = truth_offer.indicator_id and taken.cause_id = truth_offer.cause_id
)
select * from final
