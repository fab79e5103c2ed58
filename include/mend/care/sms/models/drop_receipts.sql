-- Receipts that were kept for a match long enough, applied or not: so many at a time.
delete from sms_receipt
where receipt_id in (
  select receipt_id
  from sms_receipt
  where account_code = :account and received_at < :before
  order by received_at, receipt_id
  limit 10000
)
