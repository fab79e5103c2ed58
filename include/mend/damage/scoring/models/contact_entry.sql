-- model: contact_entry
-- grain: one debit or cap of a contact on a day that is scored
-- inputs: contact_debit, contact_cap, scored_day
-- share: customer_id
-- The entries of the days that are scored, in numbers; by day, so that a day's rows are together.
with
entry as (
    select *, false as is_cap from contact_debit
    union all by name
    select *, true as is_cap from contact_cap
),
final as (
    select entry.* from entry semi join scored_day on entry.posted_on = scored_day.day
    order by posted_on
)
select * from final
