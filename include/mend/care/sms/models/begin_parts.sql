-- The parts about to be written: all at the first attempt, later those that were refused for now.
insert into sms_part as part (message_id, part_number, state_code, smsc_message_id, changed_at)
select each.message_id, each.part_number, 'submitting', each.reference, :at
from unnest(cast(:message_ids as bigint[]), cast(:part_numbers as int[]), cast(:references as text[])) as each (message_id, part_number, reference)
on conflict (message_id, part_number) do update set state_code = 'submitting', error_code = null, changed_at = excluded.changed_at
where part.state_code = 'refused'
returning part.message_id, part.part_number
