-- statement: chunk
-- The next events to decide on, in order, after the last one looked at.
create temp table chunk on commit drop as
select event_id, happened_at
from service_event
where dispatched_at is null and happened_at <= :at
    and (happened_at, event_id) > (cast(:after_at as timestamptz), cast(:after_id as text))
order by happened_at, event_id
limit :size

-- statement: trigger_rule
-- The triggers of every rule version, for one transaction.
create temp table if not exists trigger_rule (
    place integer, trigger_code text, valid_from date, valid_before date, purpose_code text,
    kind_codes text[], topic_codes text[], ticket_kind_codes text[], outcome_codes text[], city_codes text[],
    delay interval, latest interval, valid_for interval, threshold bigint,
    consent_code text, is_promised boolean, needs_consent boolean, questionnaire_code text, text_en text, text_zh text
) on commit drop

-- statement: put_trigger
-- One trigger.
insert into trigger_rule values (
    :place, :trigger, :valid_from, :valid_before, :purpose,
    cast(:kind_code as text[]), cast(:topic_code as text[]), cast(:ticket_kind_code as text[]),
    cast(:outcome_code as text[]),
    cast(:city_code as text[]), :delay, :latest, :valid_for, :threshold,
    :consent, :promised, :needs_consent, :questionnaire, :text_en, :text_zh
)

-- statement: candidate
-- The events of the chunk that ask for a message: the first trigger that fits, in the sample, not queued or stopped
-- before, each subject once.
create temp table candidate on commit drop as
with
pending as (
    select service_event.*
    from service_event
    join chunk using (event_id)
),
fitting as (
    select distinct on (pending.event_id)
        pending.event_id, pending.customer_id, pending.phone_number, pending.language_code, pending.topic_code,
        pending.city_code,
        pending.about_kind_code, pending.about_id, pending.happened_at, pending.promised_at, trigger_rule.*
    from pending
    join trigger_rule
        on pending.kind_code = any(kind_codes)
        and (topic_codes is null or pending.topic_code = any(topic_codes))
        and (ticket_kind_codes is null or pending.ticket_kind_code = any(ticket_kind_codes))
        and (outcome_codes is null or pending.outcome_code = any(outcome_codes))
        and (city_codes is null or pending.city_code = any(city_codes))
        and (pending.happened_at at time zone :zone)::date >= valid_from
        and (valid_before is null or (pending.happened_at at time zone :zone)::date < valid_before)
    order by pending.event_id, place
),
sampled as (
    -- The first eight hexadecimal digits of the hash as a whole number, under the share of 2^32.
    select *, trigger_code || ':' || about_id as survey_id
    from fitting
    where ('x' || substr(md5(trigger_code || ':' || about_id), 1, 8))::bit(32)::bigint < threshold
),
final as (
    select distinct on (survey_id) sampled.*
    from sampled
    where not exists (select from survey where survey.survey_id = sampled.survey_id)
        and not exists (select from survey_refusal where survey_refusal.survey_id = sampled.survey_id)
    order by survey_id, happened_at, event_id
)
select * from final

-- statement: ask_contact_rules
-- The candidates as requests to the contact rules.
insert into contact_request (
    request_key, customer_id, phone_number, language_code, topic_code, about_id, happened_at, planned_at, latest_at,
    consent_code, is_promised,
    needs_consent, has_question, priority
)
select
    survey_id, customer_id, phone_number, language_code, topic_code, about_id, happened_at, happened_at + delay,
    happened_at + latest,
    consent_code, is_promised, needs_consent, questionnaire_code is not null, place
from candidate

-- statement: put_survey
-- The surveys of the chunk.
insert into survey (
    survey_id, trigger_code, purpose_code, consent_code, is_promised, needs_consent, event_id, customer_id,
    phone_number, zones, language_code,
    topic_code, city_code, about_kind_code, about_id, questionnaire_code, rule_version, happened_at, queued_at,
    not_before, valid_until, state_code
)
select
    survey_id, trigger_code, purpose_code, candidate.consent_code, candidate.is_promised, needs_consent, event_id,
    candidate.customer_id,
    contact_decision.phone_number, zones, contact_decision.language_code, topic_code,
    coalesce(candidate.city_code, contact_decision.city_code),
    about_kind_code, about_id, questionnaire_code, valid_from, happened_at, :at, not_before, not_before + valid_for,
    'queued'
from candidate
join contact_decision on contact_decision.request_key = candidate.survey_id
where reason_code is null

-- statement: message
-- Their messages.
select
    survey_id as dedup_key, purpose_code, candidate.consent_code as purpose_kind_code, candidate.customer_id,
    contact_decision.phone_number,
    replace(
        case when contact_decision.language_code = 'en' then text_en else text_zh end,
        '{promised}',
        coalesce(to_char(promised_at at time zone :zone, 'MM-DD HH24:MI'), '')
    ) as text,
    contact_decision.language_code, questionnaire_code, survey_id, about_kind_code, about_id, not_before,
    greatest(latest_at, not_before + interval '1 hour') as valid_until,
    case when questionnaire_code is not null then not_before + valid_for end as reply_until,
    zone_list as quiet_zones, candidate.is_promised
from candidate
join contact_decision on contact_decision.request_key = candidate.survey_id
where reason_code is null

-- statement: put_refusal
-- What was not let through, with the reason; behind a promise a person takes it up, unless a person has the matter
-- already or may not write.
insert into survey_refusal (
    survey_id, stage_code, trigger_code, purpose_code, event_id, customer_id, reason_code, is_promised, needs_person,
    refused_at
)
select
    survey_id, 'enqueue', trigger_code, purpose_code, event_id, candidate.customer_id, reason_code,
    candidate.is_promised,
    candidate.is_promised and reason_code not in ('matter_open', 'customer_left'), :at
from candidate
join contact_decision on contact_decision.request_key = candidate.survey_id
where reason_code is not null and not is_deferred
on conflict do nothing

-- statement: decided_events
-- The events of the chunk on which was decided: all but those whose message waits for the next batch.
select event_id
from chunk
where not exists (
    select from candidate
    join contact_decision on contact_decision.request_key = candidate.survey_id
    where candidate.event_id = chunk.event_id and is_deferred
)
