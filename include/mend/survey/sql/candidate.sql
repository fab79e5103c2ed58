-- The events of a chunk that ask for a message: the first trigger that fits, in the sample, not queued or refused before, each subject once.
create temp table candidate on commit drop as
with
pending as (
    select service_event.*
    from service_event
    join chunk using (event_id)
),
fitting as (
    select distinct on (pending.event_id)
        pending.event_id, pending.customer_id, pending.phone_number, pending.language_code, pending.topic_code, pending.city_code,
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
fresh as (
    select distinct on (survey_id) sampled.*
    from sampled
    where not exists (select from survey where survey.survey_id = sampled.survey_id)
        and not exists (select from survey_refusal where survey_refusal.survey_id = sampled.survey_id)
    order by survey_id, happened_at, event_id
),
final as (
    select
        fresh.event_id, fresh.survey_id, fresh.customer_id, fresh.topic_code, fresh.about_kind_code, fresh.about_id, fresh.happened_at,
        fresh.promised_at, fresh.place, fresh.trigger_code, fresh.valid_from, fresh.purpose_code, fresh.delay, fresh.latest, fresh.valid_for,
        fresh.consent_code, fresh.is_promised, fresh.needs_consent, fresh.questionnaire_code, fresh.text_en, fresh.text_zh,
        coalesce(fresh.phone_number, contact_address.phone_number) as phone_number,
        coalesce(fresh.language_code, contact_address.language_code) as language_code,
        coalesce(fresh.city_code, contact_address.city_code) as city_code,
        case when fresh.phone_number is null or fresh.phone_number = contact_address.phone_number then contact_address.zones end as zones,
        coalesce(contact_address.is_active, true) as is_active,
        contact_address.has_survey_consent,
        contact_address.has_marketing_consent
    from fresh
    left join contact_address using (customer_id)
)
select * from final
