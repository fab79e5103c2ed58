-- Messages of sms_staging that the outbox does not know. Ordered by key, so that two enqueuers never wait for each other in a circle.
insert into sms_outbox (
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before, valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code, survey_id,
  about_kind_code, about_id, state_code, due_at, attempts, enqueued_at
)
select
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before, valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code, survey_id,
  about_kind_code, about_id, 'pending', not_before, 0, :at
from sms_staging
order by dedup_key, ctid
on conflict (dedup_key) do nothing
