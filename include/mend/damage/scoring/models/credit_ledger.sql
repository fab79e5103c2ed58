-- This run's settled credits as ledger rows. Input: {settled}.
with
settled as (select * from ({settled}) where is_new and applied_points > 0),
final as (
    select
        indicator_id || ':' || cause_id as entry_id,
        customer_id,
        'credit' as record_code,
        cast(credited_at as date) as subject_on,
        subject_kind_code,
        subject_id,
        cause_id,
        'credit' as entry_kind_code,
        indicator_id,
        'repair' as stage_code,
        rule_version,
        -applied_points as points,
        -points as offered_points,
        credited_at as felt_at,
        cast(credited_at as date) as posted_on,
        incident_id,
        false as is_explicit
    from settled
)
select * from final
