-- model: caller_hour
-- grain: one source in one hour
-- inputs: contact_place, hour_dimension
-- share: customer_id
-- params: history_from, last_on, from_us
-- Customers whom a centre, a city or a menu node failed, by the hour: a system fault, a refused call, one given up in
-- the queue; of a node self-service that failed, too. Each counts once a day and source, in the first hour in which it
-- happened: one who dials again and again is one. Who is not known is not counted.
with
failed as (
    select
        hour_dimension.dimension_code,
        case hour_dimension.dimension_code
            when 'ivr_node' then contact_place.ivr_node
            when 'center' then contact_place.center
            when 'city' then contact_place.city
        end as source_code,
        contact_place.customer_id,
        contact_place.started_on,
        (epoch_us(contact_place.started_at) - $from_us) // 3600000000 as hour_number
    from contact_place
    cross join hour_dimension
    where contact_place.is_inbound
        and contact_place.customer_id is not null
        and contact_place.started_on between $history_from and $last_on
        and (contact_place.is_failed
            or (hour_dimension.dimension_code = 'ivr_node' and contact_place.is_self_service_failed))
),
first_of_day as (
    select dimension_code, source_code, customer_id, started_on, min(hour_number) as hour_number
    from failed
    where source_code <> 'unknown'
    group by dimension_code, source_code, customer_id, started_on
),
final as (
    select dimension_code, source_code, hour_number, count(*) as callers
    from first_of_day
    group by dimension_code, source_code, hour_number
)
select * from final
