-- model: incident_over_cap
-- grain: one incident whose debits go over the cap
-- inputs: contact_debit
-- share: customer_id
-- params: cap_points
with
final as (select incident_number from contact_debit group by incident_number having sum(points) > $cap_points)
select * from final
