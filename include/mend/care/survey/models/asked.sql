-- What a subscriber was asked, and from which extension. A message that may have been sent counts: its answer proves that it was. What was asked
-- of a customer whose number it is no more, or may not be, is left out: whoever answers from it may be somebody else, so a person reads it.
with
sent as (
    select
        survey.*, sms_outbox.extension, sms_outbox.submitting_at, coalesce(sms_outbox.text, '') as sent_text, service_event.phone_number as event_number,
        coalesce(customer_person.person_id, survey.customer_id) as person_id
    from survey
    left join sms_outbox on sms_outbox.dedup_key = survey.survey_id
    left join service_event using (event_id)
    left join customer_person on customer_person.customer_id = survey.customer_id
    where survey.phone_number = :phone_number and survey.questionnaire_code is not null
        and (survey.state_code in ('sent', 'answered', 'silent') or sms_outbox.state_code in ('submitting', 'submitted', 'delivered', 'unknown'))
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
        survey_id, coalesce(extension, extension_code) as extension, coalesce(submitting_at, sent_at, not_before) as sent_at, valid_until,
        inbound_id is not null as is_answered, questionnaire_code, rule_version, sent_text
    from theirs
)
select * from final order by sent_at, survey_id
