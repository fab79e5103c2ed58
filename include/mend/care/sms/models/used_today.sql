-- Messages of the account whose sending began on the day, and those claimed for it.
select
  coalesce((select sent_count from sms_account_day where account_code = :account and sent_on = :day), 0)
  + (select count(*) from sms_outbox where account_code = :account and state_code = 'claimed')
