-- model: campaign_earlier
-- grain: one customer whom an earlier list still has
-- inputs: earlier_list, campaign_channel, person_of_customer
-- params: first_day
-- Which strategies (bit k) are closed to them: those on whose channel an earlier list, still valid, has them, and those
-- of a channel on which they were contacted as often as may be.
with
known as (
    select
        coalesce(person_of_customer.person_id, earlier_list.customer_id) as customer_id,
        earlier_list.channel_code,
        earlier_list.is_entitlement,
        earlier_list.valid_until,
        earlier_list.planned_on
    from earlier_list
    left join person_of_customer on earlier_list.customer_id = person_of_customer.customer_id
),
counted as (
    select
        known.customer_id,
        campaign_channel.strategy_mask,
        count(*) filter (where known.valid_until >= $first_day) as valid_count,
        count(*) filter (
            where known.planned_on > $first_day - campaign_channel.cap_days
        ) as contact_count,
        any_value(campaign_channel.cap_most) as cap_most
    from known
    join campaign_channel on known.channel_code = campaign_channel.channel_code
    where not known.is_entitlement
    group by all
),
final as (
    select
        customer_id,
        bit_or(case when valid_count > 0 then strategy_mask else 0 end) as listed_mask,
        bit_or(case when contact_count >= cap_most then strategy_mask else 0 end) as capped_mask
    from counted
    group by customer_id
)
select * from final
