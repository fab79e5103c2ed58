-- model: unit
-- grain: one customer of a campaign who is followed
-- inputs: outcome_file, gate_file, month_file, person_of_customer
-- share: customer_id
-- params: month, version, month_after, is_after_closed
-- What became of each, and what they were before: whole thousandths, so that sums are exact; empty is not known. A
-- customer has a row in outcome_file for each strategy; what became of them is the same in all. Damage of the month
-- after counts under the id by which the customer goes by then; who is not in that month has none.
with
outcome as (select * from outcome_file where month = $month and version = $version),
gate as (select * from gate_file where month = $month and version = $version),
damage as (select * from month_file where month = $month),
damage_after as (select * from month_file where month = $month_after),
followed as (
    select
        customer_id,
        1000 * max(cast(repeat_contact as bigint)) as repeat_contact,
        1000 * max(cast(complaint as bigint)) as complaint,
        cast(round(1000 * max(rating_sum / nullif(rating_count, 0))) as bigint) as rating,
        1000 * max(cast(churn as bigint)) as churn,
        1000 * max(cast(high_value_retained as bigint)) as high_value_retained,
        cast(round(1000 * max(spend)) as bigint) as spend,
        cast(round(1000 * max(baseline_score)) as bigint) as baseline_score,
        1000 * max(cast(baseline_contacts as bigint)) as baseline_contacts,
        cast(round(1000 * max(baseline_spend)) as bigint) as baseline_spend,
        1000 * max(cast(is_high_value as bigint)) as was_high_value
    from outcome
    group by customer_id
),
final as (
    select
        followed.*,
        1000 * coalesce(damage.damage_points, 0) as baseline_damage,
        case when coalesce(damage.damage_points, 0) = 0 then 1000 else 0 end as was_undamaged,
        1000 * cast(gate.is_explicit as bigint) as was_explicit,
        case when $is_after_closed then 1000 * coalesce(damage_after.damage_points, 0) end as damage,
        case
            when $is_after_closed then case when coalesce(damage_after.damage_points, 0) = 0 then 1000 else 0 end
        end as recovered,
        cast(gate.level as varchar) as level,
        gate.segment_code as segment,
        coalesce(gate.value_code, 'unknown') as value,
        gate.age_band_code as age,
        gate.gender_code as gender,
        gate.city_code as city,
        cast(md5_number_lower('half:' || followed.customer_id) % 2 as integer) as half
    from followed
    join gate on followed.customer_id = gate.customer_id
    left join damage on followed.customer_id = damage.customer_id
    left join person_of_customer on followed.customer_id = person_of_customer.customer_id
    left join
        damage_after
        on coalesce(person_of_customer.person_id, followed.customer_id) = damage_after.customer_id
)
select * from final
