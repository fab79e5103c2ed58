-- Closed months that are not what the ledger and the exposure say any more: rows came late. Sums tell, in which each customer weighs
-- something else, so that what moves from one to another is seen, too. A person of several ids weighs what the id weighs by which they go.
-- Inputs: month_file, posted_entry, posted_contact, person_of_month.
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
entry_of as (
    select
        cast(date_trunc('month', posted_on) as date) as month_on, coalesce(person_id, posted_entry.customer_id) as customer_id, points
    from posted_entry
    left join person_of_month
        on person_of_month.month_on = date_trunc('month', posted_on) and person_of_month.customer_id = posted_entry.customer_id
),
contact_of as (
    select
        cast(date_trunc('month', posted_on) as date) as month_on, coalesce(person_id, posted_contact.customer_id) as customer_id, contact_count
    from posted_contact
    left join person_of_month
        on person_of_month.month_on = date_trunc('month', posted_on) and person_of_month.customer_id = posted_contact.customer_id
),
entry as (
    select month_on, sum(points * cast(hash(customer_id) % 1000003 as bigint)) as points from entry_of group by month_on
),
contact as (
    select month_on, sum(contact_count * cast(hash(customer_id) % 1000003 as bigint)) as contacts from contact_of group by month_on
),
final as (
    select closed.month
    from closed
    left join entry using (month_on)
    left join contact using (month_on)
    where closed.points <> coalesce(entry.points, 0) or closed.contacts <> coalesce(contact.contacts, 0)
)
select * from final
