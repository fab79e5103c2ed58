-- model: latest
-- grain: one customer with debits in the month
-- inputs: entry, contacted, damage
-- share: customer_id
-- What the latest experience cost, without the cap: the debits of the last contact's own, or what was decided of a
-- ticket, booking or reply after it. A contact of the month before counts where nothing came after it.
with
debit as (select * from entry where is_debit),
own as (
    select contacted.customer_id, contacted.contact_at as moment, cast(sum(debit.points) as integer) as points
    from debit
    join contacted on debit.subject_id = contacted.contact_id and debit.customer_id = contacted.customer_id
    where debit.is_of_contact
    group by all
),
uncontacted as (select damage.customer_id from damage anti join contacted
    on damage.customer_id = contacted.customer_id),
other as (
    select debit.customer_id, debit.cause_id as id, debit.posted_at, debit.points
    from debit
    left join contacted on debit.customer_id = contacted.customer_id
    where not debit.is_of_contact and (contacted.contact_at is null or debit.posted_at > contacted.contact_at)
    union all
    select debit.customer_id, debit.subject_id as id, debit.posted_at, debit.points
    from debit
    semi join uncontacted on debit.customer_id = uncontacted.customer_id
    where debit.is_of_contact
),
summed as (
    select customer_id, id, max(posted_at) as moment, cast(sum(points) as integer) as points from other
        group by customer_id, id
),
last_other as (
    select customer_id, max(moment) as moment, max_by(points, (moment, id)) as points from summed group by customer_id
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
