-- The messages, for the relay. The same key is never taken in twice.
insert into sms_outbox (
    dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, language_code, sender_number,
    questionnaire_code, survey_id, about_kind_code, about_id, not_before, valid_until, reply_until, quiet_zones, allowed_from, allowed_until,
    is_promised, state_code, due_at, attempts, enqueued_at
)
select
    survey_id, :account, purpose_code, consent_code, customer_id, phone_number,
    replace(
        case when language_code = 'en' then text_en else text_zh end,
        '{promised}',
        coalesce(to_char(promised_at at time zone :zone, 'MM-DD HH24:MI'), '')
    ),
    language_code, :sender, questionnaire_code, survey_id, about_kind_code, about_id, not_before,
    greatest(latest_at, not_before + interval '1 hour'),
    case when questionnaire_code is not null then not_before + valid_for end,
    to_jsonb(zone_list), :hours_from, :hours_until, is_promised, 'pending', not_before, 0, :at
from verdict
where reason_code is null
order by is_promised desc, not_before, survey_id
on conflict (dedup_key) do nothing
