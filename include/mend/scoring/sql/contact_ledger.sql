-- The ledger of the contacts that are looked at, debits and incident caps, and the rows of the same days that stay as they are.
-- Inputs: contact_debit, contact_narrow, ledger_before (contact rows of these days and the day before), full_day (days done wholly),
-- partial_day and todo (days done for some customers).
with
debit as (
    select contact_debit.*, contact_narrow.contact_id, contact_narrow.customer_id, contact_narrow.started_at
    from contact_debit join contact_narrow using (contact_key)
),
before as (select * from ledger_before where record_code = 'contact'),
incident as (select incident_key, sum(points) as points from contact_debit group by incident_key),
-- What earlier days of the same incident already cost.
prior as (
    select
        incident_name.contact_key as incident_key, before.subject_id as contact_id, before.felt_at as started_at, before.indicator_id,
        before.offered_points as points
    from before
    join contact_narrow as incident_name
        on before.incident_id = incident_name.contact_id and before.customer_id = incident_name.customer_id
    semi join incident on incident_name.contact_key = incident.incident_key
    anti join full_day on before.subject_on = full_day.day
    anti join todo on before.customer_id = todo.customer_id and before.subject_on = todo.day
    where before.entry_kind_code = 'debit'
),
over_cap as (
    select incident_key
    from (select incident_key, points from incident union all select incident_key, points from prior)
    group by incident_key
    having sum(points) > $cap_points
),
to_cap as (
    select *, false as is_prior from debit semi join over_cap using (incident_key)
    union all by name
    select *, true as is_prior from prior semi join over_cap using (incident_key)
),
running as (
    select
        *,
        sum(points) over (
            partition by incident_key order by started_at, contact_id, indicator_id rows between unbounded preceding and current row
        ) as points_so_far
    from to_cap
),
cap as (
    select
        * exclude (points_so_far, is_prior),
        greatest(points_so_far - $cap_points, 0) - greatest(points_so_far - points - $cap_points, 0) as excess
    from running
    where points_so_far > $cap_points and not is_prior
),
entry as (
    select *, 'debit' as entry_kind_code, points as entry_points from debit
    union all by name
    select * exclude (excess), 'cap' as entry_kind_code, -excess as entry_points from cap
),
new as (
    select
        case when entry_kind_code = 'cap' then 'CAP:' else '' end || entry.indicator_id || ':' || entry.contact_id as entry_id,
        entry.customer_id,
        'contact' as record_code,
        entry.started_on as subject_on,
        'contact' as subject_kind_code,
        entry.contact_id as subject_id,
        entry.contact_id as cause_id,
        entry.entry_kind_code,
        entry.indicator_id,
        entry.stage_code,
        $rule_version as rule_version,
        entry.entry_points as points,
        case when entry.entry_kind_code = 'cap' then entry.entry_points else entry.points end as offered_points,
        entry.started_at as felt_at,
        entry.incident_on as posted_on,
        case when entry.incident_key = entry.contact_key then entry.contact_id else incident_name.contact_id end as incident_id,
        entry.is_explicit
    from entry
    left join contact_narrow as incident_name
        on case when entry.incident_key <> entry.contact_key then entry.incident_key end = incident_name.contact_key
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
