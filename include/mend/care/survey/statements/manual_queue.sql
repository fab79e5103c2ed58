-- statement: manual_queue
-- What waits for a person: doubtful replies, then promised messages that the contact rules stopped.
with
reply as (
    select
        'reply' as kind_code, survey_reply.inbound_id, survey_reply.survey_id, survey.customer_id,
        survey_reply.counts_as_code as reason_code,
        survey_reply.received_at as since_at
    from survey_reply
    left join survey using (survey_id)
    where needs_person and survey_reply.handled_at is null
),
refusal as (
    select 'refusal' as kind_code, null::bigint as inbound_id, survey_id, customer_id, reason_code, refused_at
        as since_at
    from survey_refusal
    where needs_person and handled_at is null
),
waiting as (
    select * from reply
    union all
    select * from refusal
),
taken as (
    select distinct on (inbound_id) inbound_id, take_id, taken_by, taken_at
    from reply_take
    where inbound_id in (select inbound_id from reply)
    order by inbound_id, take_id desc
),
final as (
    select waiting.*, taken.take_id, taken.taken_by, taken.taken_at
    from waiting
    left join taken using (inbound_id)
)
select * from final order by kind_code = 'refusal', since_at, survey_id, inbound_id

-- statement: settle_reply
-- A person has read a reply.
update survey_reply
set handled_at = :at, handler_id = :handler_id, survey_id = coalesce(:survey_id, survey_reply.survey_id),
    meaning_code = coalesce(cast(:meaning as text), survey_reply.meaning_code),
    score = coalesce(cast(:score as integer), survey_reply.score)
from sms_inbound
where survey_reply.inbound_id = :inbound_id and sms_inbound.inbound_id = survey_reply.inbound_id and needs_person
    and survey_reply.handled_at is null
returning survey_reply.survey_id, survey_reply.received_at, sms_inbound.phone_number, sms_inbound.text

-- statement: waiting_reply
-- A reply that waits for a person, with what was asked.
select survey_reply.inbound_id, survey_reply.survey_id, survey_reply.received_at, sms_inbound.text, sms_outbox.text
    as sent_text
from survey_reply
join sms_inbound using (inbound_id)
left join sms_outbox on sms_outbox.dedup_key = survey_reply.survey_id
where survey_reply.inbound_id = :inbound_id and needs_person and survey_reply.handled_at is null

-- statement: settle_stopped
-- A person took up promised messages that the contact rules stopped.
update survey_refusal
set handled_at = :at, handler_id = :handler_id
where survey_id = :survey_id and needs_person and handled_at is null

-- statement: lock_reply
-- One step on a reply that waits at a time.
select inbound_id from survey_reply where inbound_id = :inbound_id and needs_person and handled_at is null for update

-- statement: reply_taken
-- Who has a reply.
select take_id, taken_by, taken_at from reply_take where inbound_id = :inbound_id order by take_id desc limit 1

-- statement: put_take
-- A reply has another person.
insert into reply_take (inbound_id, taken_by, taken_from, taken_at, taken_through)
values (:inbound_id, :who, :before, :at, :through)
returning take_id, taken_by, taken_at

-- statement: who_settled
-- Who has read a reply.
select handler_id from survey_reply where inbound_id = :inbound_id and handled_at is not null
