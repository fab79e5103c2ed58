-- model: incoming_customer
-- grain: one customer who may grumble
-- inputs: touched, customer, customer_cluster, grumble, complaint, exposure, open_row, damage_month
-- share: customer_id
-- params: grumbles_from, complaints_from, contacts_from, is_everybody
-- incoming_customer: what a night knows of a touched customer that a new grumble's features need. Days are numbers
-- since 1970-01-01, so that a row stays as it is until something happens: 20488:2 is two on 2026-02-04. An open grumble
-- is its area and day; without an area the part before the colon is empty.
with
grumbled as (
    select customer_id, string_agg(day_number || ':' || number, ',' order by day_number) as grumble_days
    from (
        select customer_id, date_diff('day', date '1970-01-01', grumbled_on) as day_number, count(*) as number
        from grumble
        semi join touched using (customer_id)
        where grumbled_on >= $grumbles_from
        group by all
    )
    group by customer_id
),
complained as (
    select customer_id, string_agg(day_number || ':' || number, ',' order by day_number) as complaint_days
    from (
        select customer_id, date_diff('day', date '1970-01-01', complained_on) as day_number, count(*) as number
        from complaint
        semi join touched using (customer_id)
        where complained_on >= $complaints_from and customer_id is not null
        group by all
    )
    group by customer_id
),
still_open as (
    select
        customer_id,
        string_agg(
            coalesce(area_code, '') || ':' || date_diff('day', date '1970-01-01', day_on - age_days), ','
            order by day_on - age_days, area_code
        ) as open_grumbles
    from open_row
    semi join touched using (customer_id)
    group by customer_id
),
known as (
    select customer_id from customer semi join touched using (customer_id) where $is_everybody
    union
    select customer_id from grumbled
    union
    select customer_id from complained
    union
    select customer_id from exposure semi join touched using (customer_id) where subject_on >= $contacts_from
    union
    select customer_id from still_open
    union
    select customer_id from damage_month semi join touched using (customer_id)
),
final as (
    select
        known.customer_id,
        customer.city_code,
        customer.joined_on,
        customer.arpu_amount,
        customer_cluster.value_code,
        customer_cluster.behaviour_code,
        grumbled.grumble_days,
        complained.complaint_days,
        still_open.open_grumbles
    from known
    left join customer using (customer_id)
    left join customer_cluster using (customer_id)
    left join grumbled using (customer_id)
    left join complained using (customer_id)
    left join still_open using (customer_id)
    where customer.status_code is distinct from 'left'
)
select * from final
