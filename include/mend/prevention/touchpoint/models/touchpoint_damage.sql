-- model: touchpoint_damage
-- grain: one touchpoint and one indicator that hit its contacts
-- inputs: measured_contact, damage_entry
-- share: customer_id
-- fills: belongs
-- Points of damage at the contacts of each touchpoint. The list {belongs} says of each touchpoint, in order, whether
-- the contact is one of its own; it may be of several.
with
hit as (
    select damage_entry.indicator_id, damage_entry.points, {belongs} as listed
    from measured_contact
    join damage_entry on measured_contact.contact_id = damage_entry.subject_id
    where damage_entry.is_debit
),
member as (
    select indicator_id, points, unnest(listed) as belongs, generate_subscripts(listed, 1) as touchpoint_number from hit
),
final as (
    select
        cast(touchpoint_number as integer) as touchpoint_number,
        indicator_id,
        cast(sum(points) as bigint) as points
    from member
    where belongs
    group by all
)
select * from final
