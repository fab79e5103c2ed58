-- Closed months that are not what the ledger and the exposure say any more: rows came late. Sums tell, in which each customer weighs
-- something else, so that what moves from one to another is seen, too. Inputs: month_file, posted_entry, posted_contact.
with
closed as (
    select
        cast(month || '-01' as date) as month_on,
        month,
        sum((damage_points - repair_points) * cast(hash(customer_id) % 1000003 as bigint)) as points,
        sum(contact_count * cast(hash(customer_id) % 1000003 as bigint)) as contacts
    from month_file
    where list_contains(cast($months as varchar[]), month)
    group by all
),
entry as (
    select date_trunc('month', posted_on) as month_on, sum(points * cast(hash(customer_id) % 1000003 as bigint)) as points
    from posted_entry
    group by all
),
contact as (
    select date_trunc('month', posted_on) as month_on, sum(contact_count * cast(hash(customer_id) % 1000003 as bigint)) as contacts
    from posted_contact
    group by all
),
final as (
    select closed.month
    from closed
    left join entry using (month_on)
    left join contact using (month_on)
    where closed.points <> coalesce(entry.points, 0) or closed.contacts <> coalesce(contact.contacts, 0)
)
select * from final
