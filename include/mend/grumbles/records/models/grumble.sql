-- model: grumble
-- grain: one grumble
-- inputs: contact_grumble, ticket_part, ticket, ticket_word, run_day, said, solving_action, snapshot
-- share: customer_id
-- mart_grumble: the grumbles of the run's days with what became of them. A reply that says unsolved, and a ticket that
-- is opened again, takes back every solution up to it.
with
part as (
    select *, null::varchar as own_city_code from contact_grumble
    union all by name
    select
        'ticket:' || ticket_id as grumble_id, customer_id, opened_at as grumbled_at, opened_on as grumbled_on,
        'ticket' as source_kind_code,
        ticket_id as source_id, type_code as grumble_type_code, classified_by_code, confidence, classifier_version,
        topic_code,
        null::varchar as mood_code, null::boolean as is_company_at_fault, false as is_solved_at_once, city_code
            as own_city_code
    from ticket_part
    where kind_code = 'grumble'
),
base as (
    select part.*, run_day.taxonomy_version, run_day.ticket_reach_days, run_day.solution_reach_days
    from part
    join run_day on run_day.day = part.grumbled_on
),
its_ticket as (
    select base.grumble_id, ticket.*
    from base
    join ticket on ticket.contact_id = base.source_id
    where base.source_kind_code = 'contact'
        and ticket.opened_on between base.grumbled_on and base.grumbled_on + base.ticket_reach_days
    union all
    select base.grumble_id, ticket.*
    from base
    join ticket on ticket.ticket_id = base.source_id
    where base.source_kind_code = 'ticket'
),
its_subject as (
    select grumble_id, source_kind_code as kind_code, source_id as subject_id from base
        where source_kind_code = 'contact'
    union all
    select grumble_id, 'ticket', ticket_id from its_ticket
),
word as (
    select grumble_id, grumbled_at as said_at, true as is_solved, true as is_companys, null::varchar as action_code
    from base
    where is_solved_at_once
    union all
    select its_ticket.grumble_id, ticket_word.said_at, ticket_word.is_solved, true, null
    from its_ticket
    join ticket_word using (ticket_id)
    union all
    select its_subject.grumble_id, said.said_at, said.is_solved, false, said.action_code
    from its_subject
    join said on said.kind_code = its_subject.kind_code and said.subject_id = its_subject.subject_id
),
timely as (
    select word.grumble_id, word.said_at, word.is_solved, word.is_companys
    from word
    join base using (grumble_id)
    left join solving_action
        on solving_action.action_code = word.action_code and solving_action.taxonomy_version = base.taxonomy_version
    where word.said_at between base.grumbled_at and base.grumbled_at + to_days(base.solution_reach_days)
        and (word.action_code is null or solving_action.action_code is not null)
),
denial as (select grumble_id, max(said_at) as denied_at from timely where not is_solved group by grumble_id),
solution as (
    select timely.grumble_id, min(timely.said_at) as solved_at, bool_or(timely.is_companys) as is_solved
    from timely
    left join denial using (grumble_id)
    where timely.is_solved and (denial.denied_at is null or timely.said_at > denial.denied_at)
    group by timely.grumble_id
),
-- Every word in order of time, so that a past night sees what was known then; of one instant, the denial comes last.
word_list as (
    select
        grumble_id,
        string_agg(
            case when is_solved then 's' else 'd' end || epoch_us(said_at), ';' order by said_at,
            case when is_solved then 0 else 1 end
        ) as solution_words
    from (select distinct grumble_id, said_at, is_solved from timely)
    group by grumble_id
),
filed as (select grumble_id, min(ticket_id) as complaint_id from its_ticket where kind_code = 'complaint'
    group by grumble_id),
final as (
    select
        base.* exclude (own_city_code, taxonomy_version, ticket_reach_days, solution_reach_days),
        coalesce(solution.is_solved, false) as is_solved,
        solution.solved_at,
        word_list.solution_words,
        filed.complaint_id,
        coalesce(base.own_city_code, snapshot.city_code) as city_code
    from base
    left join solution using (grumble_id)
    left join word_list using (grumble_id)
    left join filed using (grumble_id)
    left join snapshot on snapshot.customer_id = base.customer_id
        and snapshot.month_on = date_trunc('month', base.grumbled_on)
)
select * from final
