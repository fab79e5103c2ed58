-- model: launched_plan
-- grain: one plan launched in the two half-years
-- inputs: plan_row
-- params: first_day, last_day
-- order: plan_id
-- A plan without a day of launch counts from its submission.
with
dated as (select *, coalesce(launched_on, submitted_on) as began_on from plan_row),
final as (
    select plan_id, began_on, customers_reached_count, complaints_after_count
    from dated
    where began_on >= $first_day and began_on <= $last_day
)
select * from final
