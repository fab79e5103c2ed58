-- model: form
-- grain: one customer with a form of grumbling in the month
-- inputs: hang_up, caller, grumble, complaint, leaver, customer_now, form_before, form_rank
-- share: customer_id
-- params: month, is_month_before_known
-- The furthest form of each: silent 1, grumbling 2, complaining 3, leaving 4; last month's beside it.
-- Example: hung up and grumbled this month (2), complained in the last (3): grumbling, down.
with
shown as (
    select customer_id, 1 as form_number, 'hang_up' as silence_code from hang_up
    union all
    select customer_id, 1, 'stopped_calling' from caller where level >= 1 and is_stopped
    union all
    select customer_id, 2, null from grumble
    union all
    select customer_id, 3, null from complaint
    union all
    select customer_id, 4, null from leaver
),
furthest as (
    select customer_id, max(form_number) as form_number, min(silence_code) as silence_code
    from shown
    group by customer_id
),
final as (
    select
        $month as month,
        furthest.customer_id,
        form_rank.form_code,
        case when furthest.form_number = 1 then furthest.silence_code end as silence_code,
        rank_before.form_code as previous_form_code,
        case
            when not $is_month_before_known then 'not_known'
            when form_before.form_number is null then 'first'
            when form_before.form_number < furthest.form_number then 'up'
            when form_before.form_number > furthest.form_number then 'down'
            else 'same'
        end as trend_code,
        coalesce(customer_now.lifecycle_stage_code, 'unknown') as lifecycle_stage_code,
        coalesce(customer_now.level, 0) as level
    from furthest
    join form_rank on furthest.form_number = form_rank.form_number
    left join form_before on furthest.customer_id = form_before.customer_id
    left join form_rank as rank_before on form_before.form_number = rank_before.form_number
    left join customer_now on furthest.customer_id = customer_now.customer_id
)
select * from final
