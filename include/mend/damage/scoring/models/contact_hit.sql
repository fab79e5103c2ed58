-- model: contact_hit
-- grain: one contact that hit anything
-- inputs: contact_placed, contact_decided
-- share: customer_id
-- params: first_on
-- Each contact that hit anything, with the bits of its indicators and the first contact of its incident.
with
contact as (
    select
        placed.contact_number, placed.is_first, placed.incident_place, placed.started_us, placed.started_on,
        placed.contact_seconds,
        decided.agent_call_us,
        coalesce(decided.bits, placed.bits) as bits
    from contact_placed as placed left join contact_decided as decided on placed.contact_number = decided.contact_number
    where placed.bits <> 0 and placed.started_on >= $first_on
),
hit as (select * from contact where bits <> 0),
longer as (
    select incident_place, contact_number
    from contact_placed
    semi join (select incident_place from hit where not is_first) as begun using (incident_place)
    where is_first
),
final as (
    select
        hit.* exclude (is_first, incident_place),
        coalesce(longer.contact_number, hit.contact_number) as incident_number
    from hit left join longer on hit.incident_place = longer.incident_place and not hit.is_first
)
select * from final
