-- model: entry
-- grain: one entry of the ledger
-- inputs: posted, person_of_customer, indicator_word
-- share: customer_id
-- The month's entries under the id by which the customer goes, each with what its indicator says of it. An experience
-- is an incident, or the contact, ticket, booking or reply that stands alone.
select
    coalesce(person_of_customer.person_id, posted.customer_id) as customer_id,
    coalesce(posted.incident_id, posted.subject_id) as experience_id,
    posted.subject_id,
    coalesce(posted.cause_id, posted.subject_id) as cause_id,
    posted.posted_at,
    posted.points,
    posted.entry_kind_code = 'debit' as is_debit,
    posted.entry_kind_code = 'credit' as is_credit,
    coalesce(
        indicator_word.indicator_number,
        error('the ledger names ' || posted.indicator_id || ' of the rules of ' || posted.rule_version
            || ', which no rule file has')
    ) as indicator_number,
    indicator_word.is_ivr,
    indicator_word.is_agent,
    indicator_word.is_of_contact,
    indicator_word.is_explicit,
    indicator_word.is_escalation
from posted
left join indicator_word on posted.rule_version = indicator_word.rule_version
    and posted.indicator_id = indicator_word.indicator_id
left join person_of_customer on posted.customer_id = person_of_customer.customer_id
