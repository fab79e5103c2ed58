-- model: campaign_warning
-- grain: one customer with an open grumble on the month's last night
-- inputs: warning_night, level_night, person_of_customer
-- share: customer_id
-- params: network_area
-- The level of their warning (0 when none is open), the highest probability of a complaint within 30 days, and whether
-- one of the grumbles is about the network.
with
warned as (
    select customer_id, level, null as probability, false as is_network from warning_night
),
graded as (
    select customer_id, 0 as level, probability_30_days as probability,
        coalesce(area_code = $network_area, false) as is_network
    from level_night
),
told as (from warned union all by name from graded),
final as (
    select
        coalesce(person_of_customer.person_id, told.customer_id) as customer_id,
        max(told.level) as warning_level,
        max(told.probability) as complaint_probability,
        bool_or(told.is_network) as has_network_grumble
    from told
    left join person_of_customer on told.customer_id = person_of_customer.customer_id
    group by 1
)
select * from final
