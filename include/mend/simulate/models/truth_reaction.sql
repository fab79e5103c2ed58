-- The truth of a campaign, a row a candidate: what was given and done, what would have happened without it, and what does.
with
-- Their spend in the month, once the snapshot after it is there.
spend as (
    select reaction.number, reaction.month_index, snapshot.arpu_amount::double as does_spend
    from reaction
    join month_setting on month_setting.month_index = reaction.month_index + 1
    join snapshot on snapshot.customer_id = reaction.customer_id and snapshot.month_on = month_setting.month_on
    where not reaction.does_leave
),
final as (
    select
        reaction.customer_id, reaction.campaign_on, reaction.given as strategies, reaction.is_done,
        reaction_settled.would_complain, reaction_settled.does_complain,
        reaction_settled.would_repeat, reaction_settled.does_repeat,
        reaction.would_leave or person.leaves_on_own = reaction.month_index as would_leave,
        reaction.does_leave or person.leaves_on_own = reaction.month_index as does_leave,
        reaction.would_rate, reaction.does_rate,
        spend.does_spend / reaction.spend_factor as would_spend, spend.does_spend
    from reaction
    join reaction_settled using (number, month_index)
    join (select number, floor(waiting(h, 'leaves', 80.0))::integer as leaves_on_own from person) as person
        using (number)
    left join spend using (number, month_index)
)
select * from final
order by customer_id, campaign_on
