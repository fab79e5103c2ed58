-- model: credit_offer
-- grain: one credit that a rule gives, with what it may repair
-- inputs: record_hit, record_rule
-- share: customer_id
-- params: first_day, end_day
-- A rule gives a row of a record one credit: of several answers that confirm a ticket, the first.
with
hit as (
    select record_hit.*, record_rule.* exclude (rule_number)
    from record_hit join record_rule using (rule_number)
    where record_rule.is_credit
        and record_hit.posted_at >= cast(record_rule.first_on as timestamptz)
            and record_hit.posted_at < cast(record_rule.end_on as timestamptz)
),
first_hit as (
    select * from hit
    qualify row_number() over (partition by indicator_id, record_id order by posted_at, credit_cause_id) = 1
),
final as (
    select
        customer_id, cast(posted_at as date) as posted_on, posted_at,
        indicator_id, rule_version, points, repairs,
        credit_cause_id as cause_id, repaired_contact_id, repaired_ticket_id
    from first_hit
    where posted_at >= cast($first_day as timestamptz) and posted_at < cast($end_day as timestamptz)
        and coalesce(repaired_contact_id, repaired_ticket_id) is not null
)
select * from final
