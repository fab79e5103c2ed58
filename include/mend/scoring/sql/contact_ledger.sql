-- The ledger of the contacts that are looked at, debits and incident caps, and the rows of the same days that stay as they are.
-- Inputs: contact_debit, ledger_before (contact rows of these days and the day before), full_day (days done wholly), partial_day and
-- todo (days done for some customers).
with
debit as (select * from contact_debit),
before as (select * from ledger_before where record_code = 'contact'),
incident as (select customer_id, incident_id, sum(points) as points from debit group by customer_id, incident_id),
-- What earlier days of the same incident already cost.
prior as (
    select
        before.customer_id, before.incident_id, before.subject_id as contact_id, before.felt_at as started_at,
        before.indicator_id, before.stage_code, before.offered_points as points, before.is_explicit,
        before.subject_on as started_on, before.posted_on, true as is_prior
    from before
    semi join incident on before.customer_id = incident.customer_id and before.incident_id = incident.incident_id
    anti join full_day on before.subject_on = full_day.day
    anti join todo on before.customer_id = todo.customer_id and before.subject_on = todo.day
    where before.entry_kind_code = 'debit'
),
with_prior as (
    select *, false as is_prior from debit
    union all by name
    select * from prior
),
over_cap as (
    select customer_id, incident_id from with_prior group by customer_id, incident_id having sum(points) > $cap_points
),
running as (
    select
        with_prior.*,
        sum(points) over (
            partition by customer_id, incident_id order by started_at, contact_id, indicator_id
            rows between unbounded preceding and current row
        ) as points_so_far
    from with_prior
    semi join over_cap on with_prior.customer_id = over_cap.customer_id and with_prior.incident_id = over_cap.incident_id
),
cap as (
    select * exclude (points_so_far), greatest(points_so_far - $cap_points, 0) - greatest(points_so_far - points - $cap_points, 0) as excess
    from running
    where points_so_far > $cap_points and not is_prior
),
entry as (
    select *, 'debit' as entry_kind_code, points as entry_points, '' as prefix from debit
    union all by name
    select * exclude (excess, is_prior), 'cap' as entry_kind_code, -excess as entry_points, 'CAP:' as prefix from cap
),
new as (
    select
        prefix || indicator_id || ':' || contact_id as entry_id,
        customer_id,
        'contact' as record_code,
        started_on as subject_on,
        'contact' as subject_kind_code,
        contact_id as subject_id,
        contact_id as cause_id,
        entry_kind_code,
        indicator_id,
        stage_code,
        $rule_version as rule_version,
        entry_points as points,
        case when entry_kind_code = 'cap' then entry_points else points end as offered_points,
        started_at as felt_at,
        posted_on,
        incident_id,
        is_explicit
    from entry
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
