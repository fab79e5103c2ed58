-- model: outcome_done
-- grain: one row of the list that something is known of
-- inputs: outcome_row, repair_file, receipt, person_of_customer
-- params: list_id, first_day, last_day
-- What was done: first what names the list (its repair's id is list/customer/strategy, and /2 for a second attempt),
-- and the relay's last word
-- on a message of the list; else an action of that kind for that person while the row was valid. Of several a success
-- counts before a failure, then the first.
--   2026-01-v1/A/phone_callback unreached, then resolved -> done on the second's day, resolved
with
row_of_list as (
    select *, concat_ws('/', $list_id, customer_id, strategy_code) as row_key
    from outcome_row
    where list_arm_code = 'listed'
),
repair as (
    select
        repair_file.repair_id,
        repair_file.action_code,
        repair_file.done_at,
        repair_file.done_on,
        repair_file.outcome_code,
        coalesce(person_of_customer.person_id, repair_file.customer_id) as person_id,
        repair_file.outcome_code in ('resolved', 'honoured', 'accepted', 'delivered')
            or (repair_file.outcome_code = 'unresolved' and repair_file.action_code <> 'priority_access') as is_done
    from repair_file
    left join person_of_customer on repair_file.customer_id = person_of_customer.customer_id
    where repair_file.done_on >= $first_day and repair_file.done_on <= $last_day
),
named as (
    select row_of_list.customer_id, row_of_list.strategy_code, true as is_named, repair.*
    from row_of_list
    join repair on row_of_list.row_key = repair.repair_id
    union all by name
    -- Each further attempt adds its number.
    select row_of_list.customer_id, row_of_list.strategy_code, true as is_named, repair.*
    from row_of_list
    join repair on row_of_list.row_key = regexp_replace(repair.repair_id, '/[0-9]+$', '')
),
receipted as (
    -- A message that went nowhere was not delivered, whatever kept it.
    select
        row_of_list.customer_id,
        row_of_list.strategy_code,
        true as is_named,
        row_of_list.row_key as repair_id,
        receipt.final_at as done_at,
        cast(receipt.final_at as date) as done_on,
        case when receipt.state_code = 'delivered' then 'delivered' else 'undelivered' end as outcome_code,
        receipt.state_code = 'delivered' as is_done
    from row_of_list
    join receipt
        on row_of_list.customer_id = receipt.customer_id and row_of_list.strategy_code = receipt.strategy_code
    where cast(receipt.final_at as date) between $first_day and $last_day
),
alike as (
    select row_of_list.customer_id, row_of_list.strategy_code, false as is_named, repair.*
    from row_of_list
    join repair
        on row_of_list.person_id = repair.person_id
            and row_of_list.action_code = repair.action_code
            and repair.done_on between row_of_list.valid_from and row_of_list.valid_until
    where not regexp_matches(repair.repair_id, '^[0-9][0-9][0-9][0-9]-[0-9][0-9]-v[0-9]+/')
),
together as (from named union all by name from receipted union all by name from alike),
final as (
    select customer_id, strategy_code, is_done, done_on, outcome_code as result_code
    from together
    qualify row_number() over (
        partition by customer_id, strategy_code order by is_named desc, is_done desc, done_at, repair_id
    ) = 1
)
select * from final
