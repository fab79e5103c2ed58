-- model: touched
-- grain: one customer of whom something came or went since the last publication
-- inputs: customer, customer_came, customer_gone, customer_cluster_came, customer_cluster_gone, grumble_came, grumble_gone, complaint_came, complaint_gone, open_row_came, open_row_gone, damage_month_came, damage_month_gone, exposure_came, exposure_gone
-- share: customer_id
-- params: is_everybody
-- Files that came hold rows that files which went hold, too: only rows of one side count. Damage, and contacts, which
-- are published by themselves, matter here for those alone who are published because of them.
with
changed_customer as (
    select customer_id
    from (
        select customer_id, city_code, joined_on, arpu_amount, status_code, 1 as side from customer_came
        union all
        select customer_id, city_code, joined_on, arpu_amount, status_code, -1 as side from customer_gone
    )
    group by customer_id, city_code, joined_on, arpu_amount, status_code
    having sum(side) <> 0
),
changed_customer_cluster as (
    select customer_id
    from (
        select customer_id, value_code, behaviour_code, 1 as side from customer_cluster_came
        union all
        select customer_id, value_code, behaviour_code, -1 as side from customer_cluster_gone
    )
    group by customer_id, value_code, behaviour_code
    having sum(side) <> 0
),
changed_grumble as (
    select customer_id
    from (
        select customer_id, grumbled_on, 1 as side from grumble_came
        union all
        select customer_id, grumbled_on, -1 as side from grumble_gone
    )
    group by customer_id, grumbled_on
    having sum(side) <> 0
),
changed_complaint as (
    select customer_id
    from (
        select customer_id, complained_on, 1 as side from complaint_came
        union all
        select customer_id, complained_on, -1 as side from complaint_gone
    )
    group by customer_id, complained_on
    having sum(side) <> 0
),
changed_open_row as (
    select customer_id
    from (
        select customer_id, area_code, day_on - age_days as grumbled_on, 1 as side from open_row_came
        union all
        select customer_id, area_code, day_on - age_days as grumbled_on, -1 as side from open_row_gone
    )
    group by customer_id, area_code, grumbled_on
    having sum(side) <> 0
),
changed_damage_month as (
    select customer_id
    from (
        select customer_id, month, 1 as side from damage_month_came
        union all
        select customer_id, month, -1 as side from damage_month_gone
    )
    group by customer_id, month
    having sum(side) <> 0
),
changed_exposure as (
    select customer_id
    from (
        select customer_id, subject_on, 1 as side from exposure_came
        union all
        select customer_id, subject_on, -1 as side from exposure_gone
    )
    group by customer_id, subject_on
    having sum(side) <> 0
),
final as (
    select customer_id from changed_customer
    union
    select customer_id from changed_customer_cluster
    union
    select customer_id from changed_grumble
    union
    select customer_id from changed_complaint where customer_id is not null
    union
    select customer_id from changed_open_row
    union
    select seen.customer_id
    from (select customer_id from changed_damage_month union select customer_id from changed_exposure) as seen
    left join customer on seen.customer_id = customer.customer_id
    where not $is_everybody or customer.customer_id is null
)
select * from final
