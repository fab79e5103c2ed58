-- model: credit_account
-- grain: one debit (less its cap) or earlier credit on an account that a credit names
-- inputs: credit_row, credit_claim
-- share: customer_id
-- order: subject_kind_code, account_id, posted_us, is_credit, indicator_id, cause_key, subject_id
with
entry as (select * from credit_row semi join credit_claim using (subject_kind_code, account_id)),
final as (
    select
        subject_kind_code, account_id, subject_id, indicator_id, entry_kind_code = 'credit' as is_credit,
        case when entry_kind_code = 'credit' then coalesce(cause_id, '') else '' end as cause_key,
        min(epoch_us(posted_at)) as posted_us,
        min(year(posted_on) * 12 + month(posted_on)) as month_number,
        cast(sum(points) * 1000 as bigint) as thousandths
    from entry
    group by all
)
select * from final
