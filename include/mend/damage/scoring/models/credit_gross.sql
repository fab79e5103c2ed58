-- What each offered credit could repair: its subject's damage felt in the window before it. Inputs: credit_offer, ledger_now.
with
offer as (select * from credit_offer),
debit as (
    select subject_kind_code, subject_id, indicator_id, incident_id, felt_at, points
    from ledger_now
    semi join (select distinct subject_id from credit_offer) as offered on ledger_now.subject_id = offered.subject_id
    where ledger_now.entry_kind_code in ('debit', 'cap')
),
open_debit as (
    select offer.indicator_id as offer_indicator_id, offer.cause_id, offer.repairs, debit.*
    from offer
    join debit
        on offer.subject_kind_code = debit.subject_kind_code and offer.subject_id = debit.subject_id
        and debit.felt_at <= offer.credited_at
        and debit.felt_at > offer.credited_at - to_days($repairs_within_days)
),
gross as (
    select
        offer_indicator_id as indicator_id, cause_id,
        cast(sum(points) as integer) as gross_points,
        any_value(incident_id) as incident_id
    from open_debit
    group by offer_indicator_id, cause_id, repairs
    -- Some credits repair certain indicators only: a care message, a dropped call.
    having len(repairs) = 0 or bool_or(list_contains(repairs, open_debit.indicator_id))
),
final as (
    select
        offer.*, gross.gross_points, gross.incident_id,
        row_number() over (
            partition by offer.subject_kind_code, offer.subject_id
            order by offer.credited_at, offer.indicator_id, offer.cause_id
        ) as turn
    from offer join gross using (indicator_id, cause_id)
    where gross.gross_points > 0
)
select * from final
