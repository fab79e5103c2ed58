-- What the channels report of the lists: done, or not reached. The repair's id is list, customer and strategy.
insert into planned_repair by name
with
final as (
    select
        list_id || '/' || customer_id || '/' || strategy_code as repair_id,
        customer_id,
        action_code,
        cost_amount::decimal(18, 2) as cost_amount,
        done_at,
        null::timestamp as due_at,
        case
            when action_code = 'priority_access' then case when is_done then 'honoured' else 'unresolved' end
            when action_code in ('rebate', 'gift', 'compensation')
                then case when is_done then 'accepted' else 'refused' end
            when action_code in ('care_sms', 'consolidation_sms')
                then case when is_done then 'delivered' else 'undelivered' end
            else case when is_done then 'resolved' else 'unreached' end
        end as outcome_code,
        null::varchar as contact_id,
        null::varchar as ticket_id,
        case when action_code = 'priority_access' then 2 + floor(draw(a, 'wait') * 15)::integer end as wait_seconds,
        number, a as h
    from reaction_action
)
select * from final
