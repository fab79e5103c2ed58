-- model: latest
-- grain: one customer with debits in the month
-- inputs: entry, contacted
-- share: customer_id
-- What the latest experience cost, without the cap: the debits of the last contact's own, or what was decided of a ticket,
-- booking or reply after it. A contact of the month before counts where nothing came after it.
with
own as (
    select contacted.customer_id, contacted.contact_at as moment, cast(sum(entry.points) as integer) as points
    from entry
    join contacted on entry.customer_id = contacted.customer_id and entry.subject_id = contacted.contact_id
    where entry.is_of_contact and entry.is_debit
    group by all
),
other as (
    select
        entry.customer_id,
        case when entry.is_of_contact then entry.subject_id else entry.cause_id end as id,
        max(entry.posted_at) as moment,
        cast(sum(entry.points) as integer) as points
    from entry
    left join contacted on entry.customer_id = contacted.customer_id
    where entry.is_debit
        and (contacted.contact_at is null or (not entry.is_of_contact and entry.posted_at > contacted.contact_at))
    group by all
),
last_other as (
    select customer_id, max(moment) as moment, max_by(points, (moment, id)) as points from other group by customer_id
),
final as (
    select
        coalesce(last_other.customer_id, own.customer_id) as customer_id,
        coalesce(last_other.moment, own.moment) as moment,
        coalesce(last_other.points, own.points) as points
    from own
    full join last_other on own.customer_id = last_other.customer_id
)
select * from final
