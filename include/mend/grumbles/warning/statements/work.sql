-- statement: warnings_to_work_on
-- The warnings of the latest list with what people did, the first to call first: what is done comes last. Whose it is:
-- whom it was given to last, else whom the list names.
with
given as (
    select distinct on (customer_id, first_warned_on) customer_id, first_warned_on, owner_id
    from warning_event
    where owner_id is not null
    order by customer_id, first_warned_on, event_number desc
),
ended as (
    select distinct on (customer_id, first_warned_on) customer_id, first_warned_on, event_code, result_code
    from warning_event
    where event_code <> 'noted'
    order by customer_id, first_warned_on, event_number desc
),
worked as (
    select
        customer_warning.*, coalesce(given.owner_id, customer_warning.owner_id) as worked_by,
        case ended.event_code when 'done' then 'done' when 'accepted' then 'accepted' else 'open' end as state_code,
        ended.result_code
    from customer_warning
    left join given using (customer_id, first_warned_on)
    left join ended using (customer_id, first_warned_on)
    where is_listed or cast(:customer as text) is not null
),
final as (
    select
        customer_id, first_warned_on, last_warned_on, is_new, is_listed, level, probability_7_percent,
        probability_30_percent, department_code, worked_by, state_code, result_code, grumble_id, grumble_type_code,
        survey_item_code, strategy_en, strategy_zh, reasons_en, reasons_zh
    from worked
    where (cast(:department as text) is null or department_code = :department)
        and (cast(:owner as text) is null or worked_by = :owner)
        and (cast(:state as text) is null or state_code = :state)
        and (cast(:customer as text) is null or customer_id = :customer)
)
select *
from final
order by
    state_code = 'done', level desc, probability_7_percent desc nulls last, probability_30_percent desc nulls last,
    first_warned_on, customer_id
limit :size offset :skipped

-- statement: warning_people
-- Departments and people of the latest list, with their warnings and what is still to do.
with
given as (
    select distinct on (customer_id, first_warned_on) customer_id, first_warned_on, owner_id
    from warning_event
    where owner_id is not null
    order by customer_id, first_warned_on, event_number desc
),
ended as (
    select distinct on (customer_id, first_warned_on) customer_id, first_warned_on, event_code
    from warning_event
    where event_code <> 'noted'
    order by customer_id, first_warned_on, event_number desc
)
select
    department_code, coalesce(given.owner_id, customer_warning.owner_id) as worked_by, count(*) as warnings,
    count(*) filter (where level = 5) as highest,
    count(*) filter (where ended.event_code is distinct from 'done') as to_do
from customer_warning
left join given using (customer_id, first_warned_on)
left join ended using (customer_id, first_warned_on)
where is_listed
group by department_code, coalesce(given.owner_id, customer_warning.owner_id)
order by department_code, worked_by

-- statement: warning_lines
-- Where each department's line stands.
select * from warning_capacity order by department_code

-- statement: warning_levels
-- Open grumbles by level, and of them above the line; of one department or of all.
select level, sum(grumble_count)::bigint as grumbles, sum(above_count)::bigint as above
from warning_level_count
where cast(:department as text) is null or department_code = :department
group by level
order by level

-- statement: warning_types
-- The same by grumble point; the most frequent first.
select
    grumble_type_code, sum(grumble_count)::bigint as grumbles, sum(above_count)::bigint as above,
    sum(grumble_count) filter (where level = 5)::bigint as level_5,
    sum(grumble_count) filter (where level = 4)::bigint as level_4,
    sum(grumble_count) filter (where level = 3)::bigint as level_3,
    sum(grumble_count) filter (where level = 2)::bigint as level_2,
    sum(grumble_count) filter (where level = 1)::bigint as level_1, min(line_level) as line_level
from warning_level_count
where cast(:department as text) is null or department_code = :department
group by grumble_type_code
order by grumbles desc, grumble_type_code
limit 20

-- statement: warning_events
-- What people did with a warning, in order.
select event_number, event_code, owner_id, result_code, note_text, happened_at, recorded_by
from warning_event
where customer_id = :customer and first_warned_on = :first_warned_on
order by event_number

-- statement: lock_warning
-- One step on a customer's warning at a time.
select pg_advisory_xact_lock(hashtext('warning ' || cast(:customer as text)))

-- statement: put_warning_event
-- One more thing that happened.
insert into warning_event (
    customer_id, first_warned_on, event_code, owner_id, result_code, note_text, happened_at, recorded_by,
    recorded_through
) values (
    :customer, :first_warned_on, :event, :owner, :result, :note, :at, :by, :through
)
