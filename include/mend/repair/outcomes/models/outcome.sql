-- model: outcome
-- grain: one followed candidate and strategy
-- inputs: outcome_row, outcome_done, outcome_event, month_file, snapshot
-- share: customer_id
-- params: before_on, after_on, followed_until, is_over, is_seen_after, kept_share
-- Each row with what became of its customer. What nobody knows is empty: before the time is over; whether they left and
-- what they spent until the snapshot after it is there, and for those whom that one does not name. Who left spends
-- nothing.
with
before as (select customer_id, arpu_amount from snapshot where month_on = $before_on),
seen_after as (
    -- Who had left before, and so is in no later snapshot, is gone too.
    select customer_id, status_code = 'left' as has_left, arpu_amount
    from snapshot
    where $is_seen_after
        and (month_on = $after_on and status_code is not null or month_on = $before_on and status_code = 'left')
    qualify row_number() over (partition by customer_id order by month_on desc) = 1
),
contacted as (select customer_id, contact_count from month_file),
known as (
    select
        outcome_row.*,
        coalesce(outcome_done.is_done, false) as is_done,
        outcome_done.done_on,
        case
            when outcome_row.list_arm_code <> 'listed' then 'none'
            else coalesce(outcome_done.result_code, 'unknown')
        end as result_code,
        $is_over and not outcome_row.is_mixed as is_known,
        not outcome_row.is_mixed and seen_after.customer_id is not null as is_seen,
        cast(outcome_row.score as double) as baseline_score,
        coalesce(contacted.contact_count, 0) as baseline_contacts,
        cast(before.arpu_amount as double) as baseline_spend,
        coalesce(outcome_event.repeat_contact, false) as repeat_contact,
        coalesce(outcome_event.complaint, false) as complaint,
        coalesce(outcome_event.rating_sum, 0) as rating_sum,
        coalesce(outcome_event.rating_count, 0) as rating_count,
        seen_after.has_left as churn,
        case when seen_after.has_left then 0 else cast(seen_after.arpu_amount as double) end as spend,
        outcome_row.value_code = 'high' as is_high_value
    from outcome_row
    left join outcome_done
        on outcome_row.customer_id = outcome_done.customer_id
            and outcome_row.strategy_code = outcome_done.strategy_code
            and outcome_row.list_arm_code = 'listed'
    left join outcome_event on outcome_row.person_id = outcome_event.person_id
    left join contacted on outcome_row.customer_id = contacted.customer_id
    left join before on outcome_row.person_id = before.customer_id
    left join seen_after on outcome_row.person_id = seen_after.customer_id
),
final as (
    select
        month,
        version,
        customer_id,
        strategy_code,
        list_arm_code,
        is_universal_hold_out,
        is_shadow,
        is_done,
        done_on,
        result_code,
        baseline_score,
        baseline_contacts,
        baseline_spend,
        case when is_known then repeat_contact end as repeat_contact,
        case when is_known then complaint end as complaint,
        case when is_known then rating_sum end as rating_sum,
        case when is_known then rating_count end as rating_count,
        case when is_seen then churn end as churn,
        is_high_value,
        case
            when not is_seen or not is_high_value then null
            when churn then false
            else spend >= $kept_share * baseline_spend
        end as high_value_retained,
        case when is_seen then spend end as spend,
        $followed_until as followed_until
    from known
)
select * from final
