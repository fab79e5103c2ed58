-- model: subject_left
-- grain: one contact, ticket, booking or reply that somebody said something about, and that has debits
-- inputs: posted_year, statement, month_weight, person_of_customer, incident_left
-- What is left of its debits at the month's end. A debit loses a share at each close, and a credit takes only what is
-- left then: so each entry weighs what the closes since left of it. Where a credit went to a whole incident, what each
-- of its contacts has left is worked out apart (incident_left).
--   May   5.0  AGT-08              weight 0.25
--   June -1.0  credit              weight 0.5    left in July: 5.0 * 0.25 - 1.0 * 0.5 = 0.75
with
subject as (
    select subject_kind_code, subject_id from statement
    union
    select 'reply', survey_id from statement where survey_id is not null
),
entry as (
    select
        coalesce(person_of_customer.person_id, posted_year.customer_id) as owner_id,
        posted_year.* exclude (customer_id)
    from posted_year
    join subject on posted_year.subject_kind_code = subject.subject_kind_code
        and posted_year.subject_id = subject.subject_id
    left join person_of_customer on posted_year.customer_id = person_of_customer.customer_id
),
summed as (
    select
        entry.owner_id,
        entry.subject_kind_code,
        entry.subject_id,
        sum(entry.points * month_weight.weight) as left_points,
        max(case when entry.entry_kind_code = 'credit' then month_weight.month_on end) as credited_on
    from entry
    join month_weight on date_trunc('month', entry.posted_on) = month_weight.month_on
    group by all
    having sum(case when entry.entry_kind_code <> 'credit' then entry.points end) > 0
),
final as (
    select
        summed.* exclude (left_points, credited_on),
        coalesce(incident_left.left_points, summed.left_points) as left_points,
        case when incident_left.subject_id is null then summed.credited_on else incident_left.credited_on
            end as credited_on
    from summed
    left join incident_left
        on summed.subject_kind_code = 'contact' and summed.subject_id = incident_left.subject_id
)
select * from final
