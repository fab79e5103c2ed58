-- statement: new_inbound
-- Messages that arrived until the end of the interval and were not read yet, in the order they came; with them those of
-- which the relay kept
-- only a part, or what cannot be read: nobody but a person can. A receipt that was parked is no message.
select inbound_id, phone_number, extension, text, received_at, state_code
from sms_inbound
where (state_code = 'new' or state_code in ('unclear', 'parked') and handled_at is null and state_reason is distinct
    from 'receipt')
    and received_at <= :at
    and not exists (select from survey_reply where survey_reply.inbound_id = sms_inbound.inbound_id)
order by received_at, inbound_id
limit :size

-- statement: asked
-- What a subscriber was asked, and from which extension. A message that may have been sent counts: its answer proves
-- that it was. What was asked
-- of a customer whose number it is no more, or may not be, is left out: whoever answers from it may be somebody else,
-- so a person reads it.
with
sent as (
    select
        survey.*, sms_outbox.extension, sms_outbox.submitting_at, coalesce(sms_outbox.text, '') as sent_text,
        service_event.phone_number as event_number,
        coalesce(customer_person.person_id, survey.customer_id) as person_id
    from survey
    left join sms_outbox on sms_outbox.dedup_key = survey.survey_id
    left join service_event using (event_id)
    left join customer_person on customer_person.customer_id = survey.customer_id
    where survey.phone_number = :phone_number and survey.questionnaire_code is not null
        and (survey.state_code in ('sent', 'answered', 'silent')
            or sms_outbox.state_code in ('submitting', 'submitted', 'delivered', 'unknown'))
),
addressed as (
    select sent.*, address.phone_number as known_number, address.snapshot_on
    from sent
    left join lateral (
        select phone_number, snapshot_on
        from contact_address
        where contact_address.customer_id in (sent.person_id, sent.customer_id)
        order by contact_address.customer_id = sent.person_id desc
        limit 1
    ) as address on true
),
theirs as (
    select *
    from addressed
    -- The number that they have by now is the one that was asked, or the event named it after the snapshot.
    where (snapshot_on is null or known_number = phone_number or event_number = phone_number
            and (known_number is null or (happened_at at time zone 'UTC')::date >= snapshot_on))
        and not exists (
            select from contact_address as other
            left join customer_person on customer_person.customer_id = other.customer_id
            where other.phone_number = addressed.phone_number and other.is_active
                and coalesce(customer_person.person_id, other.customer_id) <> addressed.person_id
                and other.snapshot_on >= coalesce(addressed.snapshot_on, '-infinity')
        )
),
final as (
    select
        survey_id, coalesce(extension, extension_code) as extension,
        coalesce(submitting_at, sent_at, not_before) as sent_at, valid_until,
        inbound_id is not null as is_answered, questionnaire_code, rule_version, sent_text
    from theirs
)
select * from final order by sent_at, survey_id

-- statement: put_reply
-- What a message was taken to mean.
insert into survey_reply (
    inbound_id, survey_id, received_at, read_at, match_code, meaning_code, score, counts_as_code, needs_person
) values (
    :inbound_id, :survey_id, :received_at, :at, :match, :meaning, cast(:score as integer), :counts_as, :needs_person
)
on conflict (inbound_id) do nothing

-- statement: put_answer
-- The first valid answer of a survey; a second one never takes its place.
update survey
set state_code = 'answered', replied_at = :replied_at, inbound_id = :inbound_id, meaning_code = :meaning,
score = cast(:score as integer),
    score_scale = cast(:scale as integer), is_solved = cast(:is_solved as boolean),
    sent_at = coalesce(sent_at, not_before)
where survey_id = :survey_id and inbound_id is null

-- statement: questionnaire
-- Which questions a survey asked, of which version of the rules.
select questionnaire_code, rule_version from survey where survey_id = :survey_id

-- statement: answer
-- Answers of a day, as the contract's survey_reply has them. The answer's latest reading orders its versions.
select
    survey.survey_id, survey.customer_id, survey.about_kind_code, survey.about_id,
    case survey.purpose_code when 'campaign' then 'hang_up' else survey.purpose_code end as purpose_code,
    coalesce(survey.sent_at, survey.not_before) as sent_at, survey.replied_at, sms_inbound.text as reply_text,
    survey.score, survey.score_scale,
    survey.is_solved, coalesce(survey_reply.handled_at, survey_reply.read_at) as updated_at
from survey
join sms_inbound using (inbound_id)
join survey_reply using (inbound_id)
where survey.replied_at >= :first and survey.replied_at < :after and survey.purpose_code <> 'progress'
order by survey.survey_id
