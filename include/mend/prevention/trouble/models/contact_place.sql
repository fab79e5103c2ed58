-- model: contact_place
-- grain: one contact
-- inputs: contact, snapshot, small_group
-- share: customer_id
-- Where each contact was: its six sources. City and plan are those of the latest snapshot by then.
with
shown as (
    select contact.*, case when small_group.agent_group_code is null then contact.agent_group_code end as shown_group
    from contact
    left join small_group on contact.agent_group_code = small_group.agent_group_code
),
snapshots as (select customer_id, month_on, plan_code, city_code from snapshot),
final as (
    select
        shown.contact_id,
        shown.customer_id,
        shown.started_at,
        shown.started_on,
        shown.is_inbound,
        shown.is_failed,
        coalesce(shown.is_self_service_failed, false) as is_self_service_failed,
        shown.topic_code,
        coalesce(nullif(shown.ivr_node_code, ''), 'unknown') as ivr_node,
        coalesce(nullif(shown.topic_code, ''), 'unknown') as topic,
        coalesce(nullif(shown.shown_group, ''), 'unknown') as agent_group,
        coalesce(nullif(shown.center_code, ''), 'unknown') as center,
        coalesce(nullif(snapshots.plan_code, ''), 'unknown') as plan,
        coalesce(nullif(snapshots.city_code, ''), 'unknown') as city
    from shown
    asof left join snapshots
        on shown.customer_id = snapshots.customer_id and shown.started_on >= snapshots.month_on
)
select * from final
