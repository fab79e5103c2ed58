-- model: measure_sum
-- grain: one measure that rows belong to
-- inputs: measured_row
-- share: customer_id
-- fills: measured
-- Sums over customers: n rows of each, y the sum of their values in thousandths. A row without a customer is a customer
-- of its own. A row of which nobody knows whether it succeeded has no value, and does not count.
-- The list {measured} has a value for each measure, in order:
--   customer | row | {measured}        measure | row_count | customer_count | y    | nn | ny   | yy
--   A        | 1   | [1000, null]      1       | 3         | 2              | 2000 | 5  | 3000 | 2000000
--   A        | 2   | [0, null]         2       | 1         | 1              | 7000 | 1  | 7000 | 49000000
--   B        | 3   | [1000, 7000]
with
listed as (
    select coalesce('customer ' || customer_id, 'row ' || row_key) as customer_key, {measured} as listed
    from measured_row
),
valued as (
    select customer_key, unnest(listed) as value, generate_subscripts(listed, 1) as measure_number from listed
),
customer as (
    select measure_number, cast(count(*) as hugeint) as n, cast(sum(value) as hugeint) as y
    from valued
    where value is not null
    group by measure_number, customer_key
),
final as (
    select
        cast(measure_number as integer) as measure_number,
        cast(sum(n) as bigint) as row_count,
        count(*) as customer_count,
        cast(sum(y) as hugeint) as y,
        cast(sum(n * n) as hugeint) as nn,
        cast(sum(n * y) as hugeint) as ny,
        cast(sum(y * y) as hugeint) as yy
    from customer
    group by measure_number
)
select * from final
