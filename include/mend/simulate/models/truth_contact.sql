-- Truth, step 1: the contacts that can hurt (inbound, customer known) and the incident each belongs to.
-- Found by looking at all pairs of a customer's contacts, on purpose not by lag windows: it is a check on those.
create or replace temp table truth_contact as
with
inbound as (
    select * from clean_contact
    where direction_code = 'inbound' and customer_id is not null
),
chain_start as (
    select later.customer_id, later.contact_id, later.started_at, later.started_on
    from inbound as later
    where not exists (
        select 1
        from inbound as earlier
        where earlier.customer_id = later.customer_id
            and (earlier.started_at < later.started_at or (earlier.started_at = later.started_at and earlier.contact_id < later.contact_id))
            and earlier.started_at > later.started_at - to_seconds(1800)
    )
),
chained as (
    select
        inbound.contact_id,
        max({'at': chain_start.started_at, 'id': chain_start.contact_id}) as chain
    from inbound
    join chain_start
        on chain_start.customer_id = inbound.customer_id
        and (chain_start.started_at < inbound.started_at
            or (chain_start.started_at = inbound.started_at and chain_start.contact_id <= inbound.contact_id))
    group by inbound.contact_id
),
first_of_day as (
    select inbound.customer_id, chained.chain, inbound.started_on, min({'at': inbound.started_at, 'id': inbound.contact_id}) as first_contact
    from inbound
    join chained using (contact_id)
    group by all
),
final as (
    select
        inbound.*,
        inbound.started_at + to_seconds(coalesce(ivr_seconds, 0) + coalesce(queue_seconds, 0) + coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0)) as ended_at,
        coalesce(is_refused, false)
            or (coalesce(is_abandoned, false) and queue_seconds >= 10)
            or (coalesce(is_agent_requested, false) and queue_seconds is null and not coalesce(is_answered, false) and not coalesce(is_refused, false))
            as is_failed_attempt,
        -- An incident covers three days at most: of a longer chain each later day is an incident of its own.
        case when date_diff('day', chained.chain.at::date, inbound.started_on) <= 2 then chained.chain.id else first_of_day.first_contact.id end as incident_id
    from inbound
    join chained using (contact_id)
    join first_of_day using (customer_id, chain, started_on)
)
select * from final
