-- statement: contact_request
-- Who is to be contacted about what. Filled by whoever asks; empty at the start of each question.
create temp table if not exists contact_request (
    request_key text primary key, customer_id text not null, phone_number text, zones text, language_code text,
    topic_code text,
    about_id text, happened_at timestamptz not null, planned_at timestamptz not null, latest_at timestamptz not null,
    consent_code text not null, is_promised boolean not null, needs_consent boolean not null,
    has_question boolean not null,
    priority integer not null
) on commit drop;
truncate contact_request

-- statement: put_request
-- One request.
insert into contact_request (
    request_key, customer_id, phone_number, topic_code, about_id, happened_at, planned_at, latest_at, consent_code,
    is_promised,
    needs_consent, has_question, priority
) values (
    :request_key, :customer_id, cast(:phone_number as text), cast(:topic_code as text), cast(:about_id as text),
    :happened_at, :planned_at,
    :latest_at, :consent_code, :is_promised, :needs_consent, :has_question, :priority
)

-- statement: numbers_without_zones
-- Numbers that came with a request and stand in no snapshot.
select distinct phone_number
from contact_request
where phone_number is not null and zones is null
    and not exists (select from contact_address where contact_address.phone_number = contact_request.phone_number)

-- statement: put_zones
-- Their time zones.
update contact_request
set zones = place.zones
from unnest(cast(:numbers as text[]), cast(:zones as text[])) as place (phone_number, zones)
where contact_request.phone_number = place.phone_number

-- statement: requests_asked
-- The requests of contact_request: nothing is queued for them yet.
select contact_request.*, null::text as queued_number, false as is_recalled from contact_request

-- statement: requests_queued
-- Messages that wait to be sent, as requests once more: has anything about the person changed? They have their room.
select
    survey_id as request_key, survey.customer_id, service_event.phone_number, survey.zones, survey.language_code,
    survey.topic_code,
    survey.about_id, survey.happened_at, survey.not_before as planned_at, survey.valid_until as latest_at,
    survey.consent_code,
    survey.is_promised, survey.needs_consent, survey.questionnaire_code is not null as has_question, 0 as priority,
    survey.phone_number as queued_number, false as is_recalled
from survey
left join service_event using (event_id)
where survey_id in (select dedup_key from sms_outbox where message_id = any(cast(:ids as bigint[])))
union all
select
    message_key as request_key, sms_outbox.customer_id, null as phone_number,
    array_to_string(array(select jsonb_array_elements_text(sms_outbox.quiet_zones)), ',') as zones,
    sms_outbox.language_code, null as topic_code, null as about_id, sms_outbox.enqueued_at as happened_at,
    sms_outbox.not_before as planned_at, sms_outbox.valid_until as latest_at,
    sms_outbox.purpose_kind_code as consent_code, sms_outbox.is_promised,
    campaign_action.consent_code <> 'none' as needs_consent, false as has_question, 0 as priority,
    sms_outbox.phone_number as queued_number, campaign_list.state_code = 'recalled' as is_recalled
from campaign_action
join campaign_list using (list_id)
join sms_outbox on sms_outbox.dedup_key = campaign_action.message_key
where sms_outbox.message_id = any(cast(:ids as bigint[]))

-- statement: keys_of_messages
-- The keys under which messages stand.
select message_id, dedup_key from sms_outbox where message_id = any(cast(:ids as bigint[]))

-- statement: person_reasons
-- What speaks against the person of each request, whatever the hour and the room: all reasons in the order of
-- reasons.REASONS. Read it from top to
-- bottom: who it is, whose the number is, what they said.
with
request as ({requests}),
-- The person behind the customer's id, and all their ids: they count together.
person as (
    select request.*, coalesce(customer_person.person_id, request.customer_id) as person_id
    from request
    left join customer_person using (customer_id)
),
-- The address under the id by which the person goes; without one that of the request's id.
addressed as (
    select
        person.*,
        array[person.customer_id, person.person_id]
            || array(select other.customer_id from customer_person as other
                where other.person_id = person.person_id) as customer_ids,
        coalesce(now.customer_id, before.customer_id) as address_id,
        case when now.customer_id is not null then now.phone_number else before.phone_number end as known_number,
        case when now.customer_id is not null then now.zones else before.zones end as known_zones,
        coalesce(now.language_code, before.language_code) as known_language,
        coalesce(now.city_code, before.city_code) as city_code,
        coalesce(now.is_active, before.is_active, true) as is_active,
        case when now.customer_id is not null then now.has_survey_consent
            else before.has_survey_consent end as has_survey_consent,
        case when now.customer_id is not null then now.has_marketing_consent
            else before.has_marketing_consent end as has_marketing_consent,
        coalesce(now.snapshot_on, before.snapshot_on) as snapshot_on
    from person
    left join contact_address as now on now.customer_id = person.person_id
    left join contact_address as before on before.customer_id = person.customer_id
),
-- The number that came with the request, but the snapshot's when that is the later one.
numbered as (
    select
        addressed.*,
        case
            when phone_number is not null
                and coalesce((happened_at at time zone 'UTC')::date >= snapshot_on or known_number is null, true)
                then phone_number
            when address_id is null then queued_number
            else known_number
        end as number_now
    from addressed
),
placed as (
    select
        request_key, customer_id, person_id, customer_ids, topic_code, about_id, happened_at, latest_at, consent_code,
        is_promised, is_recalled,
        needs_consent, has_question, priority, city_code, is_active, has_survey_consent, has_marketing_consent,
        coalesce(queued_number, number_now) as number,
        coalesce(
            case when number_now = known_number then known_zones end,
            case when number_now = phone_number or queued_number is not null then zones end,
            (select other.zones from contact_address as other where other.phone_number = number_now limit 1)
        ) as zones,
        coalesce(
            language_code, known_language,
            case when coalesce(queued_number, number_now) similar to '\+(86|852|853|886)%' or number_now is null
                then 'zh' else 'en' end
        ) as language_code,
        greatest(planned_at, :at) as planned_at,
        -- Somebody else has the number by a snapshot that is no older, or it is theirs no more: nothing about this
        -- customer is for them.
        queued_number is not null and number_now is distinct from queued_number or exists (
            select from contact_address as other
            left join customer_person on customer_person.customer_id = other.customer_id
            where other.phone_number = coalesce(queued_number, number_now) and other.is_active
                and coalesce(customer_person.person_id, other.customer_id) <> numbered.person_id
                and other.snapshot_on >= coalesce(numbered.snapshot_on, '-infinity')
        ) as is_number_in_doubt
    from numbered
),
final as (
    select
        placed.*,
        array_remove(array[
            case when is_recalled then 'recalled' end,
            case when number is null or zones is null or zones = '' then 'no_number' end,
            case when is_number_in_doubt then 'number_in_doubt' end,
            case when exists (select from sms_opt_out where sms_opt_out.phone_number = placed.number)
                or exists (select from customer_opt_out where customer_opt_out.customer_id = any(placed.customer_ids))
                    then 'opted_out' end,
            case when not is_active then 'customer_left' end,
            -- Silence is refusal. Who asked for messages again after an opt-out did not ask for offers, unless the
            -- words say so.
            case
                when needs_consent
                    and case when consent_code = 'service' then has_survey_consent
                    else has_marketing_consent end is not true
                    then 'no_consent'
                when consent_code = 'commercial' and exists (
                    select from sms_opt_in
                    where sms_opt_in.phone_number = placed.number
                    group by sms_opt_in.phone_number
                    having not bool_or(is_for_marketing)
                ) then 'no_consent'
            end,
            case
                when has_question and exists (
                    select from known_ticket
                    where known_ticket.customer_id = any(placed.customer_ids)
                        and known_ticket.topic_code = placed.topic_code
                        and known_ticket.ticket_id is distinct from placed.about_id and known_ticket.opened_at <= :at
                        and (known_ticket.closed_at is null or known_ticket.closed_at > :at)
                ) then 'matter_open'
                -- Marketing is muted while a complaint is open, whatever the offer is about.
                when consent_code = 'commercial' and exists (
                    select from known_ticket
                    where known_ticket.customer_id = any(placed.customer_ids) and known_ticket.opened_at <= :at
                        and (known_ticket.closed_at is null or known_ticket.closed_at > :at)
                ) then 'matter_open'
                when not is_promised and exists (
                    select from follow_up_ticket
                    where follow_up_ticket.customer_id = any(placed.customer_ids)
                        and follow_up_ticket.topic_code = placed.topic_code
                        and follow_up_ticket.opened_at <= :at
                            and (follow_up_ticket.closed_at is null or follow_up_ticket.closed_at > :at)
                ) then 'matter_open'
            end
        ], null) as person_codes
    from placed
)
select * from final

-- statement: contact_number
-- Which number each request goes to by what is known now, and what speaks against the person.
create temp table if not exists contact_number (
    request_key text primary key, phone_number text, person_codes text[] not null
) on commit drop;
truncate contact_number

-- statement: put_number
-- The numbers of all requests of contact_request.
insert into contact_number
select request_key, number, person_codes from ({person_reasons}) as person

-- statement: contact_reasons
-- Why each request is not to be answered with a message now: what speaks against the person, then the hour, then the
-- room. None: it may go.
--   request               | reason_codes
--   in a night, opted out | opted_out, quiet_hours
--   the fifth of a week   | cap_kind
with
person as ({person_reasons}),
-- The first moment that every zone permits is the planned one, or one at which some zone's hours begin. Worked out once
-- for all requests that are planned for one moment in the same zones.
planned as (select distinct planned_at, coalesce(zones, '') as zones from person),
permitted as (
    select planned.planned_at, planned.zones, first_one.not_before
    from planned
    left join lateral (
        select min(moment) as not_before
        from (
            select planned.planned_at as moment
            union all
            select ((planned.planned_at at time zone zone_name)::date + day_number
                + cast(:hours_from as time)) at time zone zone_name
            from unnest(string_to_array(planned.zones, ',')) as zones (zone_name) cross
                join generate_series(0, 2) as days (day_number)
        ) as begins
        where moment >= planned.planned_at
            and not exists (
                select from unnest(string_to_array(planned.zones, ',')) as zones (zone_name)
                where (moment at time zone zone_name)::time < cast(:hours_from as time)
                    or (moment at time zone zone_name)::time >= cast(:hours_until as time)
            )
    ) as first_one on true
),
timed as (
    select person.*, string_to_array(person.zones, ',') as zone_list, permitted.not_before
    from person
    left join permitted
        on person.planned_at = permitted.planned_at and coalesce(person.zones, '') = permitted.zones
),
late as (
    select
        timed.*,
        person_codes || array_remove(array[
            case when :at > latest_at then 'too_late' end,
            case when not_before is null or not_before > latest_at then 'quiet_hours' end
        ], null) as late_codes
    from timed
),
counted as (
    select
        late.*,
        is_reserved as has_room,
        late_codes || array_remove(array[
            case when same_batch then 'number_in_batch' end,
            case when kind_count >= case
                when is_promised then :promised_most when consent_code = 'service' then :service_most
                    else :commercial_most
            end then 'cap_kind' end,
            case when all_count >= :all_most - case when is_promised then 0 else :reserved end then 'cap_total' end
        ], null) as counted_codes
    from late
    cross join lateral (
        select exists (select from contact_reservation where reservation_key = late.request_key) as is_reserved
    ) as own
    -- What the person and the number have within the rolling days on either side: another run may have planned one for
    -- later already.
    cross join lateral (
        select
            count(*) filter (
                where reserved.is_promised = late.is_promised
                    and (late.is_promised or reserved.consent_code = late.consent_code)
                    and reserved.counts_at > not_before - kind_window.span
                        and reserved.counts_at < not_before + kind_window.span
            ) as kind_count,
            count(*) filter (
                where reserved.counts_at > not_before - cast(:all_window as interval)
                    and reserved.counts_at < not_before + cast(:all_window as interval)
            ) as all_count,
            coalesce(bool_or(reserved.batch_key = :batch), false) as same_batch
        from contact_reservation as reserved
        cross join (
            select case
                when late.is_promised then cast(:promised_window as interval)
                when late.consent_code = 'service' then cast(:service_window as interval)
                else cast(:commercial_window as interval)
            end as span
        ) as kind_window
        where not own.is_reserved
            and (reserved.customer_id = any(late.customer_ids) or reserved.phone_number = late.number)
    ) as counts
),
-- Within the batch: one message a number and a person, the promised ones first.
ranked as (
    select
        *,
        row_number() over (
            partition by has_room, cardinality(counted_codes) = 0, number order by is_promised desc, priority,
            happened_at, request_key
        ) as of_number,
        row_number() over (
            partition by has_room, cardinality(counted_codes) = 0, person_id order by is_promised desc, priority,
            happened_at, request_key
        ) as of_person
    from counted
),
single as (
    select
        *,
        case
            when not has_room and cardinality(counted_codes) = 0 and (of_number > 1 or of_person > 1)
                then array['number_in_batch']
            else counted_codes
        end as single_codes,
        (not_before at time zone :zone)::date as budget_on
    from ranked
),
queue as (
    select
        *,
        row_number() over (
            partition by has_room, cardinality(single_codes) = 0, budget_on, consent_code
            order by is_promised desc, priority, happened_at, request_key
        ) as of_budget
    from single
),
decided as (
    select
        queue.*,
        case
            when not has_room and cardinality(single_codes) = 0 and coalesce(used_count, 0) + of_budget > case
                when consent_code = 'commercial' then :commercial_budget
                when is_promised then :service_budget
                else :service_budget - :budget_reserved
            end then array['budget_spent']
            else single_codes
        end as reason_codes
    from queue
    left join contact_budget using (budget_on, consent_code)
),
final as (
    select
        request_key, customer_id, person_id, number as phone_number, zones, zone_list, language_code, city_code,
        consent_code, is_promised,
        not_before, latest_at, budget_on, has_room, reason_codes, reason_codes[1] as reason_code,
        -- A promised message that only the batch, the day's budget or an open ticket holds back waits for the next
        -- batch: none is lost unseen.
        coalesce(
            is_promised and reason_codes[1] in ('number_in_batch', 'budget_spent', 'matter_open') and :at < latest_at,
            false
        ) as is_deferred
    from decided
)
select * from final
