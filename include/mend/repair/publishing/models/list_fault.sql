-- model: list_fault
-- grain: one kind of fault
-- inputs: list_row, candidate_row
-- What must not be in a list, counted: customers who are no listed candidate, listed candidates without a row, who is
-- held out and listed all the same, two discretionary rows of one customer, days outside of the validity.
with
listed as (
    select customer_id, count(case when not is_entitlement then 1 end) as discretionary
    from list_row
    group by customer_id
),
compared as (
    select
        listed.discretionary,
        candidate_row.outcome_code,
        candidate_row.is_universal_hold_out,
        listed.customer_id is not null as has_row,
        candidate_row.customer_id is not null as is_candidate
    from listed
    full join candidate_row on listed.customer_id = candidate_row.customer_id
),
final as (
    select 'no_candidate' as fault_code, count(*) as fault_count from compared where has_row and not is_candidate
    union all
    select 'outcome', count(*) from compared where is_candidate and has_row <> (outcome_code = 'listed')
    union all
    select 'held_out', count(*) from compared where is_universal_hold_out and discretionary > 0
    union all
    select 'twice', count(*) from compared where discretionary > 1
    union all
    select 'days', count(*) from list_row where not planned_on between valid_from and valid_until
)
select * from final
