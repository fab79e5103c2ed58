-- What incidents cost beyond the cap, by the entries that went over it. Inputs: contact_hit, contact_rule, contact_placed, contact_narrow,
-- carried (incidents that began on an earlier day), ledger_before (contact rows of those days), full_day (days done wholly), todo (days
-- done for some customers).
with
before as (
    select carried.incident_key, ledger_before.subject_id, ledger_before.offered_points as points
    from ledger_before
    join carried on ledger_before.incident_id = carried.incident_id and ledger_before.customer_id = carried.customer_id
    anti join full_day on ledger_before.subject_on = full_day.day
    anti join todo on ledger_before.customer_id = todo.customer_id and ledger_before.subject_on = todo.day
    where ledger_before.record_code = 'contact' and ledger_before.entry_kind_code = 'debit'
),
prior as (
    select before.incident_key, contact_narrow.rowid as contact_key, before.points
    from contact_narrow join before on contact_narrow.contact_id = before.subject_id
),
over_cap as (
    select incident_key
    from (select incident_key, points from contact_hit union all select incident_key, points from prior)
    group by incident_key
    having sum(points) > $cap_points
),
-- Whole numbers alone go through the union: a contact's place stands for its time and id, a rule's number for its indicator's name.
to_cap as (
    select
        contact_hit.incident_key, contact_hit.contact_key, contact_hit.place, contact_rule.number as rule_number, contact_rule.points,
        false as is_prior
    from contact_hit
    semi join over_cap on contact_hit.incident_key = over_cap.incident_key
    join contact_rule on (contact_hit.bits & contact_rule.bit) <> 0
    union all by name
    select prior_over.*, contact_placed.place, 0 as rule_number, true as is_prior
    from contact_placed
    join (select * from prior semi join over_cap using (incident_key)) as prior_over on contact_placed.contact_key = prior_over.contact_key
),
running as (
    select
        *,
        sum(points) over (
            partition by incident_key order by place, rule_number rows between unbounded preceding and current row
        ) as points_so_far
    from to_cap
),
final as (
    select contact_key, rule_number, least(points, points_so_far - $cap_points) as excess
    from running
    where points_so_far > $cap_points and not is_prior
)
select * from final
