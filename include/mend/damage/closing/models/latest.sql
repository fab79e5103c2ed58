-- model: latest
-- grain: one customer with debits in the month
-- inputs: entry, contacted
-- share: customer_id
-- What the latest experience cost, without the cap: the debits of the last contact's own, or what was decided of a
-- ticket, booking or reply after it. A contact of the month before counts where nothing came after it.
with
debit as (
    select
        entry.customer_id, entry.points,
        case when entry.is_of_contact then entry.subject_id else entry.cause_id end as id,
        case when contacted.contact_id is not null and entry.is_of_contact then contacted.contact_at
            else entry.posted_at end as moment
    from entry
    left join contacted on entry.customer_id = contacted.customer_id
    where entry.is_debit and case
        when contacted.contact_id is null then true
        when entry.is_of_contact then entry.subject_id = contacted.contact_id
        else entry.posted_at > contacted.contact_at
    end
),
summed as (
    select customer_id, id, max(moment) as moment, cast(sum(points) as integer) as points from debit
        group by customer_id, id
),
final as (select customer_id, max(moment) as moment, max_by(points, (moment, id)) as points from summed
    group by customer_id)
select * from final
