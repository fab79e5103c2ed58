-- The truth of a campaign, a row a candidate: what was given and done, what would have happened without it, and what
-- does.
with
-- Their spend in the month, once the snapshot after it is there: who leaves spends nothing.
spend as (
    select reaction.number, reaction.month_index, snapshot.arpu_amount::double as shown
    from reaction
    join month_setting on month_setting.month_index = reaction.month_index + 1
    join snapshot on snapshot.customer_id = reaction.customer_id and snapshot.month_on = month_setting.month_on
),
own as (select number, floor(waiting(h, 'leaves', 80.0))::integer as leaves_month from person),
left_month as (
    select
        reaction.*,
        reaction.would_leave or own.leaves_month = reaction.month_index as would_be_gone,
        reaction.does_leave or own.leaves_month = reaction.month_index as is_gone
    from reaction
    join own using (number)
),
final as (
    select
        left_month.customer_id, left_month.campaign_on, left_month.given as strategies, left_month.is_done,
        reaction_settled.would_complain, reaction_settled.does_complain,
        reaction_settled.would_repeat, reaction_settled.does_repeat,
        left_month.would_be_gone as would_leave, left_month.is_gone as does_leave,
        left_month.would_rate, left_month.does_rate,
        case when would_be_gone then least(0, spend.shown) else spend.shown / left_month.spend_factor end
            as would_spend,
        case when is_gone then least(0, spend.shown) else spend.shown end as does_spend
    from left_month
    join reaction_settled using (number, month_index)
    left join spend using (number, month_index)
)
select * from final
order by customer_id, campaign_on
