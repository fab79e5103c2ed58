-- What was not let through, with the reason; behind a promise a person takes it up, unless a person has the matter already or may not write.
insert into survey_refusal (
    survey_id, stage_code, trigger_code, purpose_code, event_id, customer_id, reason_code, is_promised, needs_person, refused_at
)
select
    survey_id, 'enqueue', trigger_code, purpose_code, event_id, customer_id, reason_code, is_promised,
    is_promised and reason_code not in ('matter_open', 'customer_left'), :at
from verdict
where reason_code is not null and not is_deferred
on conflict do nothing
