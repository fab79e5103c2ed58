-- Each contact in its incident: contacts less than the gap apart. An incident belongs to the day it began; a chain that goes on over a
-- whole day is cut at the midnight after that day, so that an incident can be told from two days of contacts. Input: contact_neighbour.
with
contact as (
    select
        * exclude (previous_us, next_us),
        previous_us is null or started_us - previous_us >= $gap_us as is_chain_start,
        cast(make_timestamptz(previous_us) as date) < started_on as is_first_of_day,
        next_us is null or cast(make_timestamptz(next_us) as date) > started_on as is_last_of_day,
        next_us - started_us >= $gap_us as is_chain_end
    from contact_neighbour
),
chain_start as (select customer_key, started_us, started_on, contact_key from contact where is_chain_start),
chained as (
    select contact.*, chain_start.started_on as chain_on
    from contact
    asof join chain_start
        on contact.customer_key = chain_start.customer_key and contact.started_us >= chain_start.started_us
    where not contact.is_chain_start
),
-- The first contact of a day whose chain began more than a day before.
cut_start as (
    select customer_key, started_us, started_on, contact_key
    from chained
    where chain_on < started_on - 1 and is_first_of_day
),
incident_start as (select * from chain_start union all select * from cut_start),
continued as (
    select
        chained.* exclude (chain_on),
        incident_start.contact_key as incident_key,
        incident_start.started_on as incident_on
    from chained
    asof join incident_start
        on chained.customer_key = incident_start.customer_key and chained.started_us >= incident_start.started_us
),
placed as (
    select *, contact_key as incident_key, started_on as incident_on from contact where is_chain_start
    union all by name
    select * from continued
),
final as (
    select
        * exclude (is_chain_start, is_first_of_day, is_last_of_day, is_chain_end),
        is_last_of_day or (is_chain_end and incident_on < started_on) as is_last_of_group
    from placed
)
select * from final
