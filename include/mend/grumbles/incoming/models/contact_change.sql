-- model: contact_change
-- grain: one customer and day whose contacts are other ones than at the last publication
-- inputs: exposure_came, exposure_gone
-- share: customer_id
-- params: contacts_from, night
-- Without a number: there are none any more.
with
final as (
    select
        subject_on,
        customer_id,
        cast(sum(contact_count) filter (is_now) as bigint) as contact_count
    from (
        select subject_on, customer_id, contact_count, true as is_now from exposure_came
        union all
        select subject_on, customer_id, contact_count, false as is_now from exposure_gone
    )
    where subject_on between $contacts_from and $night
    group by subject_on, customer_id
    having sum(contact_count) filter (is_now) is distinct from sum(contact_count) filter (not is_now)
    order by subject_on, customer_id
)
select * from final
