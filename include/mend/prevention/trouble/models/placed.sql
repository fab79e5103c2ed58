-- model: placed
-- grain: one contact, or what one contact cost on a day
-- inputs: contact_place, posted
-- share: customer_id
-- params: history_from, last_on
-- What adds up to volume and to points: a contact counts on its own day, points on the day on which they were posted.
-- Points of a contact that is nowhere (older than what is read, or not loaded) have no known source.
with
volume as (
    select
        customer_id,
        started_on as day_on,
        1 as contacts,
        0 as thousandths,
        0 as compared,
        null as stage_code,
        ivr_node, topic, agent_group, center, plan, city
    from contact_place
    where is_inbound and started_on between $history_from and $last_on
),
cost as (
    select
        posted.customer_id,
        posted.posted_on as day_on,
        0 as contacts,
        posted.thousandths,
        posted.compared,
        posted.stage_code,
        coalesce(contact_place.ivr_node, 'unknown') as ivr_node,
        coalesce(contact_place.topic, 'unknown') as topic,
        coalesce(contact_place.agent_group, 'unknown') as agent_group,
        coalesce(contact_place.center, 'unknown') as center,
        coalesce(contact_place.plan, 'unknown') as plan,
        coalesce(contact_place.city, 'unknown') as city
    from posted
    left join contact_place on posted.contact_id = contact_place.contact_id
    where posted.posted_on between $history_from and $last_on
),
final as (select * from volume union all by name select * from cost)
select * from final
