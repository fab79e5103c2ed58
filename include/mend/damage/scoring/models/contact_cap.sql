-- model: contact_cap
-- grain: one debit that went over the cap of its incident
-- inputs: contact_debit, incident_over_cap, contact_name
-- share: customer_id
-- params: cap_points
-- What incidents cost beyond the cap. It is used up in the order of the moment of decision, then of the contact's id,
-- then of the indicator. With a cap of 15 and debits of 10, 3 and 5 in that order, the last is capped by 3.
with
to_cap as (
    select contact_debit.*, contact_name.contact_id
    from contact_debit
    semi join incident_over_cap using (incident_number)
    left join contact_name using (posted_on, contact_number)
),
running as (
    select
        * exclude (contact_id),
        sum(points) over (
            partition by incident_number order by posted_us, contact_id, rule_number
            rows between unbounded preceding and current row
        ) as points_so_far
    from to_cap
),
final as (
    select * exclude (points_so_far) replace (cast(-least(points, points_so_far - $cap_points) as integer) as points)
    from running
    where points_so_far > $cap_points
)
select * from final
