-- model: group_part
-- grain: one stage and level, in a share
-- inputs: customer_now, customer_before, followed, caller, form, form_before
-- share: customer_id
-- Counts of a share. Of this month: customers, and those who showed a form last month and show none now. Of the close
-- of the month before, by its stage and level: customers, followed, left, regular callers, stopped.
with
eased as (select form_before.customer_id from form_before anti join form on form_before.customer_id = form.customer_id),
counted as (
    select lifecycle_stage_code, level, 'customer_count' as what from customer_now where not has_left
    union all
    select customer_now.lifecycle_stage_code, customer_now.level, 'eased_count'
    from eased
    join customer_now on eased.customer_id = customer_now.customer_id
    union all
    select lifecycle_stage_code, level, 'before_count' from customer_before where not has_left
    union all
    select lifecycle_stage_code, level, 'followed_count' from followed where is_known
    union all
    select lifecycle_stage_code, level, 'left_count' from followed where is_left
    union all
    select lifecycle_stage_code, level, 'caller_count' from caller
    union all
    select lifecycle_stage_code, level, 'stopped_count' from caller where is_stopped
),
final as (
    select lifecycle_stage_code, level, what, count(*) as row_count
    from counted
    group by lifecycle_stage_code, level, what
)
select * from final
