-- Contacts and incidents of a customer on a day. Inputs: contact_placed, contact_narrow, exposure_before, partial_day, todo.
with
counted as (
    select
        customer_key,
        started_on as subject_on,
        incident_on as posted_on,
        count(*) as contact_count,
        count(case when incident_key = contact_key then 1 end) as incident_count,
        max(case when is_last_of_group then contact_key end) as last_contact_key
    from contact_placed
    where is_target
    group by all
),
before as (select * from exposure_before),
new as (
    select
        contact_narrow.customer_id,
        counted.* exclude (customer_key, last_contact_key),
        contact_narrow.started_at as last_contact_at,
        contact_narrow.contact_id as last_contact_id
    from counted join contact_narrow on counted.last_contact_key = contact_narrow.contact_key
),
unchanged as (
    select before.*
    from before
    semi join partial_day on before.subject_on = partial_day.day
    anti join todo on before.customer_id = todo.customer_id and before.subject_on = todo.day
),
final as (
    select * from new
    union all by name
    select * from unchanged
)
select * from final
