-- model: record_entry
-- grain: one debit of a ticket, booking or survey reply
-- inputs: record_hit, record_rule
-- share: customer_id
-- params: first_day, end_day
-- An indicator counts once for its subject: of several replies about one contact, the first.
with
hit as (
    select record_hit.*, record_rule.* exclude (rule_number)
    from record_hit join record_rule using (rule_number)
    where not record_rule.is_credit
        and record_hit.posted_at >= cast(record_rule.first_on as timestamptz)
            and record_hit.posted_at < cast(record_rule.end_on as timestamptz)
),
first_hit as (
    select * from hit
    qualify row_number() over (
        partition by indicator_id, subject_kind_code, subject_id order by posted_at, debit_cause_id, customer_id
    ) = 1
),
final as (
    select
        customer_id,
        cast(posted_at as date) as posted_on,
        posted_at,
        'debit' as entry_kind_code,
        indicator_id,
        rule_version,
        subject_kind_code,
        subject_id,
        debit_cause_id as cause_id,
        incident_id,
        cast(points as decimal(9, 3)) as points
    from first_hit
    where posted_at >= cast($first_day as timestamptz) and posted_at < cast($end_day as timestamptz)
)
select * from final
