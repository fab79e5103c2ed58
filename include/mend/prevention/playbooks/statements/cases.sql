-- statement: ids_of_person
-- All ids of the person who goes by an id, that one first.
with
request as (
    select coalesce(
        (select person_id from customer_person where customer_id = :customer_id), :customer_id
    ) as person_id
)
select :customer_id as customer_id
union
select person_id from request
union
select customer_person.customer_id from customer_person join request using (person_id)
order by 1

-- statement: ticket_case
-- A follow-up ticket, and whether it is past its limit at a moment.
select
    follow_up_id, customer_id, measure_code, topic_code, tier, complaint_count, reopen_count, opened_at,
    coalesce(
        case
            when state_code in ('answered', 'closed') then not is_promise_kept
            when due_at is not null then due_at < :at
            else left_seconds < 0
        end,
        false
    ) as is_past_limit
from follow_up_ticket
where follow_up_id = :follow_up_id

-- statement: label_cases
-- Call labels of a person on a day that have a playbook, with the playbooks pinned with their lists: priority first,
-- then the worst.
select list_id, strategy_code, customer_id, playbook_code, severity, playbooks_text
from routing_entry
join campaign_playbook using (list_id)
where customer_id = any(cast(:customer_ids as text[])) and recalled_at is null and playbook_code is not null
    and cast(:day as date) between routing_entry.valid_from and valid_until
order by is_priority desc, level desc, list_id, strategy_code

-- statement: warning_case
-- A person's warning of the latest night.
select customer_id, level, grumble_id, grumble_type_code, last_warned_on
from customer_warning
where customer_id = any(cast(:customer_ids as text[])) and first_warned_on <= cast(:day as date)
order by level desc, customer_id
limit 1
