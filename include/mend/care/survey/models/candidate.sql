-- The events of a chunk that ask for a message: the first trigger that fits, in the sample, not queued or refused before, each subject once.
-- With the person behind the customer's id and all their ids; and the number: the event's own, but the snapshot's when that is the later one.
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
person as (
    select fresh.*, coalesce(customer_person.person_id, fresh.customer_id) as person_id
    from fresh
    left join customer_person using (customer_id)
),
-- The address under the id by which the person goes; without one that of the event's id.
addressed as (
    select
        person.*,
        array[person.customer_id, person.person_id]
            || array(select other.customer_id from customer_person as other where other.person_id = person.person_id) as customer_ids,
        coalesce(now.customer_id, before.customer_id) as address_id,
        case when now.customer_id is not null then now.phone_number else before.phone_number end as known_number,
        case when now.customer_id is not null then now.zones else before.zones end as known_zones,
        coalesce(now.language_code, before.language_code) as known_language,
        coalesce(now.city_code, before.city_code) as known_city,
        coalesce(now.is_active, before.is_active, true) as is_active,
        case when now.customer_id is not null then now.has_survey_consent else before.has_survey_consent end as has_survey_consent,
        case when now.customer_id is not null then now.has_marketing_consent else before.has_marketing_consent end as has_marketing_consent,
        coalesce(now.snapshot_on, before.snapshot_on) as snapshot_on
    from person
    left join contact_address as now on now.customer_id = person.person_id
    left join contact_address as before on before.customer_id = person.customer_id
),
numbered as (
    select
        addressed.*,
        case
            when addressed.phone_number is not null
                and coalesce((happened_at at time zone 'UTC')::date >= snapshot_on or known_number is null, true)
                then addressed.phone_number
            else known_number
        end as number_now
    from addressed
),
final as (
    select
        event_id, survey_id, customer_id, person_id, customer_ids, topic_code, about_kind_code, about_id, happened_at, promised_at, place,
        trigger_code, valid_from, purpose_code, delay, latest, valid_for, consent_code, is_promised, needs_consent, questionnaire_code, text_en,
        text_zh, number_now as phone_number, coalesce(language_code, known_language) as language_code, coalesce(city_code, known_city) as city_code,
        case when number_now = known_number or number_now is null then known_zones end as zones, is_active, has_survey_consent,
        has_marketing_consent,
        -- Somebody else has the number by a snapshot that is no older: it may be theirs, and nothing about this customer is for them.
        exists (
            select from contact_address as other
            left join customer_person on customer_person.customer_id = other.customer_id
            where other.phone_number = number_now and other.is_active
                and coalesce(customer_person.person_id, other.customer_id) <> numbered.person_id
                and other.snapshot_on >= coalesce(numbered.snapshot_on, '-infinity')
        ) as is_number_in_doubt
    from numbered
)
select * from final
