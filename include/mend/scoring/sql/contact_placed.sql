-- Each contact in its incident: contacts less than the gap apart. An incident belongs to the day it began; a chain that goes on over a
-- whole day is cut at the midnight after that day, so that an incident can be told from two days of contacts. Input: contact_neighbour.
with
contact as (
    select *, previous_at is null or epoch_us(started_at) - epoch_us(previous_at) >= $gap_us as is_chain_start
    from contact_neighbour
),
chain_start as (select customer_id, started_at, contact_id from contact where is_chain_start),
chained as (
    select contact.*, chain_start.started_at as chain_at
    from contact
    asof join chain_start
        on contact.customer_id = chain_start.customer_id and contact.started_at >= chain_start.started_at
    where not contact.is_chain_start
),
-- The first contact of a day whose chain began more than a day before.
cut_start as (
    select customer_id, started_at, contact_id
    from chained
    where cast(chain_at as date) < started_on - 1 and cast(previous_at as date) < started_on
),
incident_start as (select * from chain_start union all select * from cut_start),
continued as (
    select
        chained.* exclude (chain_at),
        incident_start.contact_id as incident_id,
        incident_start.started_at as incident_at
    from chained
    asof join incident_start
        on chained.customer_id = incident_start.customer_id and chained.started_at >= incident_start.started_at
),
final as (
    select *, contact_id as incident_id, started_at as incident_at from contact where is_chain_start
    union all by name
    select * from continued
)
select * exclude (is_chain_start) from final
