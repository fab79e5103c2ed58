update sms_inbound
set state_code = :state, state_reason = :reason, handled_at = :at
where inbound_id = :inbound_id and state_code in ('new', 'unclear')
