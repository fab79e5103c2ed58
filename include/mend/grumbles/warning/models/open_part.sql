-- model: open_part
-- grain: one night and grumble that is open at its end
-- inputs: grumble, night, complaint, own_ticket, every_taxonomy, customer, customer_cluster
-- share: customer_id
-- params: ticket_limit_hours, department
-- The grumbles of a share that are open at the end of each night, as they were known then.
with
alive as (
    select
        night.day_on, night.ends_at, night.result_month, grumble.grumble_id, grumble.customer_id, grumble.grumbled_at,
        grumble.grumbled_on,
        grumble.source_kind_code, grumble.source_key, grumble.grumble_type_code, grumble.mood_code,
        grumble.is_company_at_fault,
        grumble.city_code, night.snapshot_on, night.taxonomy_version,
        date_diff('day', grumble.grumbled_on, night.day_on) as age_days
    from grumble
    join night on grumble.grumbled_on between night.first_on and night.day_on
    -- Solved or not by the last word that was said before the night's end; a later denial does not take back what was
    -- known.
    where case
        when grumble.solution_words is null then grumble.solved_at is null or grumble.solved_at >= night.ends_at
        else coalesce(left(list_filter(
            string_split(grumble.solution_words, ';'),
            lambda word: cast(substr(word, 2) as bigint) < epoch_us(night.ends_at)
        )[-1], 1), 'd') = 'd'
    end
),
complained as (
    select distinct alive.day_on, alive.grumble_id
    from alive
    join complaint on complaint.customer_id = alive.customer_id
        and complaint.complained_on between alive.grumbled_on and alive.day_on
            and complaint.complained_at >= alive.grumbled_at
),
warnable as (select * from alive anti join complained using (day_on, grumble_id)),
handled as (
    select
        warnable.day_on, warnable.grumble_id,
        case
            when ticket.closed_at < warnable.ends_at or ticket.reopened_at < warnable.ends_at then 4
            when ticket.suspended_until >= warnable.ends_at
                and coalesce(ticket.suspended_at, ticket.opened_at) < warnable.ends_at
                and coalesce(ticket.promised_at >= warnable.ends_at, true) then 1
            when ticket.opened_at < warnable.ends_at - to_hours($ticket_limit_hours) then 3
            else 2
        end as state
    from warnable
    join own_ticket as ticket on ticket.source_key = warnable.source_key and ticket.opened_at < warnable.ends_at
        and coalesce(ticket.from_at < warnable.ends_at, true) and coalesce(ticket.until_at >= warnable.ends_at, true)
),
worst as (select day_on, grumble_id, max(state) as state from handled group by all),
final as (
    select
        warnable.day_on, warnable.ends_at, warnable.result_month, warnable.grumble_id, warnable.customer_id,
        warnable.grumbled_at,
        warnable.source_kind_code, warnable.grumble_type_code, warnable.mood_code, warnable.is_company_at_fault,
        cast(warnable.age_days as integer) as age_days,
        coalesce(taxonomy.parent_code, warnable.grumble_type_code) as area_code,
        coalesce(nullif(split_part(taxonomy.department_codes, ',', 1), ''), $department) as department_code,
        coalesce(warnable.city_code, customer.city_code, 'unknown') as city_code,
        customer_cluster.value_code, customer_cluster.behaviour_code,
        taxonomy.grumble_type_code is not null as is_in_taxonomy,
        case worst.state when 4 then 'failed' when 3 then 'overdue' when 2 then 'in_hand' when 1 then 'mending'
            else 'untouched' end
            as solved_state_code,
        customer.joined_on, customer.arpu_amount
    from warnable
    left join worst on worst.day_on = warnable.day_on and worst.grumble_id = warnable.grumble_id
    left join every_taxonomy as taxonomy
        on taxonomy.grumble_type_code = warnable.grumble_type_code
            and taxonomy.taxonomy_version = warnable.taxonomy_version
    left join customer on customer.customer_id = warnable.customer_id and customer.month_on = warnable.snapshot_on
    left join customer_cluster
        on customer_cluster.customer_id = warnable.customer_id and customer_cluster.month = warnable.result_month
    where customer.status_code is distinct from 'left'
)
select * from final
