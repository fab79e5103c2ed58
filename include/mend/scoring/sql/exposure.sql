-- Contacts and incidents of a customer on a day. Inputs: contact_placed, exposure_before, partial_day, todo.
with
contact as (select * from contact_placed where is_target),
before as (select * from exposure_before),
new as (
    select
        customer_id,
        started_on as subject_on,
        cast(incident_at as date) as posted_on,
        count(*) as contact_count,
        count(case when incident_id = contact_id then 1 end) as incident_count,
        max(started_at) as last_contact_at,
        max_by(contact_id, (started_at, contact_id)) as last_contact_id
    from contact
    group by all
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
