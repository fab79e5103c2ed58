insert into sms_inbound (
  account_code, phone_number, to_number, extension, text, received_at, digest, state_code, state_reason, match_code, message_id, survey_id, raw
)
select
  :account, :phone_number, :to_number, :extension, :text, :at, cast(:digest as text), :state_code, :state_reason, :match_code, cast(:message_id as bigint), :survey_id, :raw
where not exists (select from sms_inbound where digest = cast(:digest as text) and received_at > cast(:repeated_since as timestamptz))
returning inbound_id
