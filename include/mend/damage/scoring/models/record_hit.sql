-- model: record_hit
-- grain: one time that a rule held for a ticket, booking, reply or repair action
-- inputs: ticket_feature, booking_feature, reply_feature, repair_feature
-- share: customer_id
-- params: ticket_reach_days
-- fills: ticket_moments, ticket_rules, callback_booking_rules, survey_reply_rules, repair_action_rules
with
ticket as (
    select
        unnest(cast([{ticket_rules}] as struct(rule_number integer, posted_at timestamptz)[])) as hit,
        customer_id, subject_kind_code, subject_id, debit_cause_id, credit_cause_id, incident_id,
        repaired_contact_id, repaired_ticket_id, ticket_id as record_id
    from ticket_feature
    where ({ticket_moments}) and cast(counted_at as date) <= opened_on + $ticket_reach_days
),
booking as (
    select
        unnest(cast([{callback_booking_rules}] as struct(rule_number integer, posted_at timestamptz)[])) as hit,
        customer_id, subject_kind_code, subject_id, debit_cause_id, credit_cause_id, incident_id,
        repaired_contact_id, repaired_ticket_id, booking_id as record_id
    from booking_feature
),
reply as (
    select
        unnest(cast([{survey_reply_rules}] as struct(rule_number integer, posted_at timestamptz)[])) as hit,
        customer_id, subject_kind_code, subject_id, debit_cause_id, credit_cause_id, incident_id,
        repaired_contact_id, repaired_ticket_id, survey_id as record_id
    from reply_feature
),
repair as (
    select
        unnest(cast([{repair_action_rules}] as struct(rule_number integer, posted_at timestamptz)[])) as hit,
        customer_id, subject_kind_code, subject_id, debit_cause_id, credit_cause_id, incident_id,
        repaired_contact_id, repaired_ticket_id, repair_id as record_id
    from repair_feature
),
hit as (
    select * from ticket
    union all by name select * from booking
    union all by name select * from reply
    union all by name select * from repair
),
final as (
    select * exclude (hit), hit.rule_number, hit.posted_at
    from hit
    where hit.posted_at is not null and customer_id is not null
)
select * from final
