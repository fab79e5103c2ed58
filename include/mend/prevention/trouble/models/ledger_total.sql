-- model: ledger_total
-- grain: the month's ledger
-- inputs: ledger_file
-- params: first_on, last_on
-- Thousandths of damage of contacts, read apart from all that places them; and what tickets, bookings and replies cost.
with
damage as (
    select subject_kind_code = 'contact' as is_contact, points
    from ledger_file
    where posted_on between $first_on and $last_on and entry_kind_code in ('debit', 'cap')
),
final as (
    select
        cast(coalesce(sum(case when is_contact then round(1000 * points) end), 0) as bigint) as contact_thousandths,
        cast(coalesce(sum(case when not is_contact then round(1000 * points) end), 0) as bigint) as other_thousandths
    from damage
)
select * from final
