-- model: contact_row
-- grain: one contact of the month
-- inputs: measured_contact, damage_entry
-- share: customer_id
-- Each contact with the points of damage that it cost, as far as they were posted in the month.
with
cost as (select subject_id, cast(sum(points) as double) as points from damage_entry group by subject_id),
final as (
    select measured_contact.*, coalesce(cost.points, 0) as points, coalesce(cost.points, 0) > 0 as is_damaged
    from measured_contact
    left join cost on measured_contact.contact_id = cost.subject_id
)
select * from final
