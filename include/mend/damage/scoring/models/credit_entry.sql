-- model: credit_entry
-- grain: one credit that took points off
-- inputs: credit_offer, credit_taken
-- share: customer_id
with
offer as (select row_number() over (order by posted_at, indicator_id, cause_id) as offer_number, * from credit_offer),
final as (
    select
        offer.customer_id,
        offer.posted_on,
        offer.posted_at,
        'credit' as entry_kind_code,
        offer.indicator_id,
        offer.rule_version,
        taken.subject_kind_code,
        taken.subject_id,
        nullif(offer.cause_id, taken.subject_id) as cause_id,
        nullif(taken.account_id, taken.subject_id) as incident_id,
        cast(-taken.thousandths / 1000.0 as decimal(9, 3)) as points
    from offer join credit_taken as taken using (offer_number)
)
select * from final
