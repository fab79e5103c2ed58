-- Truth, step 5: the offers that took something, as ledger rows.
create or replace temp table truth_credit as
with
final as (
    select
        truth_offer.* exclude (points),
        -taken.amount as points,
        -truth_offer.points as offered_points,
        'credit' as record_code,
        'credit' as entry_kind_code,
        truth_offer.felt_at::date as posted_on,
        null::varchar as incident_id,
        false as is_explicit
    from truth_offer
    join taken using (indicator_id, cause_id)
)
select * from final
