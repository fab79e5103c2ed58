create temporary table if not exists sms_staging on commit delete rows as
select
  dedup_key, account_code, purpose_code, purpose_kind_code, customer_id, phone_number, text, sender_number, not_before, valid_until,
  reply_until, quiet_zones, allowed_from, allowed_until, is_promised, campaign_code, language_code, questionnaire_code, survey_id,
  about_kind_code, about_id
from sms_outbox
with no data
