-- The same again within minutes was sent again by the message centre; but not when something else came from the number in between: then the
-- customer says it once more. What came at one moment may all come again; of that only a second opt-out counts as said once more.
insert into sms_inbound (
  account_code, phone_number, to_number, extension, text, received_at, digest, state_code, state_reason, match_code, message_id, survey_id, raw
)
select
  :account, :phone_number, :to_number, :extension, :text, :at, cast(:digest as text), :state_code, :state_reason, :match_code, cast(:message_id as bigint), :survey_id, :raw
where not exists (
  select from sms_inbound as before
  where
    before.digest = cast(:digest as text) and before.received_at > cast(:repeated_since as timestamptz)
    and not exists (
      select from sms_inbound as since
      where
        since.phone_number = before.phone_number and since.digest <> before.digest and since.inbound_id > before.inbound_id
        and (since.received_at > before.received_at or :is_opt_out)
    )
)
returning inbound_id
