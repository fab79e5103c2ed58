-- model: season_entry
-- grain: one person who came into a campaign of the season
-- inputs: gate_file, outcome_version, person_of_customer
-- share: customer_id
-- Each person's first campaign of the season. Before it they had no discretionary care, whatever their arm, so the arms
-- are alike there. Later campaigns do not ask again: who comes back is already an effect. Two candidates of different
-- arms who have since become one person leave the comparison, as in `outcome_row`.
with
entry as (
    select
        coalesce(person_of_customer.person_id, gate_file.customer_id) as customer_id,
        gate_file.month,
        gate_file.is_universal_hold_out,
        gate_file.score,
        gate_file.is_explicit
    from gate_file
    join outcome_version on gate_file.month = outcome_version.month and gate_file.version = outcome_version.version
    left join person_of_customer on gate_file.customer_id = person_of_customer.customer_id
    where gate_file.arm_code is not null
),
first_month as (select customer_id, min(month) as month from entry group by customer_id),
final as (
    select
        entry.customer_id,
        entry.month,
        any_value(entry.is_universal_hold_out) as is_universal_hold_out,
        max(entry.score) as score,
        bool_or(entry.is_explicit) as is_explicit
    from entry
    join first_month on entry.customer_id = first_month.customer_id and entry.month = first_month.month
    group by entry.customer_id, entry.month
    having count(distinct entry.is_universal_hold_out) = 1
)
select * from final
