-- model: campaign_dropped
-- grain: one customer who was cut off and to whom nobody has come back in the month
-- inputs: campaign_entry
-- share: customer_id
-- params: cut_off
-- A dropped call that has no credit of any kind in the month. One that was answered for does not hide another.
with
dropped as (
    select distinct customer_id, subject_kind_code, subject_id
    from campaign_entry
    where entry_kind_code = 'debit' and list_contains($cut_off, indicator_id)
),
credited as (select distinct subject_kind_code, subject_id from campaign_entry where entry_kind_code = 'credit'),
final as (
    select distinct dropped.customer_id
    from dropped
    anti join credited
        on dropped.subject_kind_code = credited.subject_kind_code and dropped.subject_id = credited.subject_id
)
select * from final
