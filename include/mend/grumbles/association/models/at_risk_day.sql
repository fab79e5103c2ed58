-- model: at_risk_day
-- grain: one group and day
-- inputs: population, person, month_day
-- share: customer_id
-- Customers at risk on each day of the month by group: whole population, less the days after a first complaint.
with span as (
    select group_no, from_day, to_day, count(*) as customers from population group by all
    union all
    select group_no, cast(at_risk_to + 1 as smallint), to_day, -count(*) from person where at_risk_to < to_day
        group by all
),
final as (
    select group_no, day, cast(sum(customers) as bigint) as customer_days
    from span
    join month_day on month_day.day between span.from_day and span.to_day
    group by group_no, day
)
select * from final
