-- Reasons not to send, of the messages that have one. contact_recheck is a function of the database (migration 0003). Who asked for messages
-- again after an opt-out did not ask for offers, unless the words say so.
with
checked as (
    select
        message_id,
        coalesce(contact_recheck(dedup_key, :at), case
            when exists (
                select from survey
                join sms_opt_in using (phone_number)
                where survey.survey_id = sms_outbox.dedup_key and survey.consent_code = 'commercial'
                group by phone_number
                having not bool_or(is_for_marketing)
            ) then 'no_consent'
        end) as reason
    from sms_outbox
    where message_id = any(cast(:ids as bigint[]))
)
select message_id, reason from checked where reason is not null
