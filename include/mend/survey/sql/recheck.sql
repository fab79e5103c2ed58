-- Reasons not to send, of the messages that have one. contact_recheck is a function of the database (migration 0003).
with
checked as (
    select message_id, contact_recheck(dedup_key, :at) as reason
    from sms_outbox
    where message_id = any(cast(:ids as bigint[]))
)
select message_id, reason from checked where reason is not null
