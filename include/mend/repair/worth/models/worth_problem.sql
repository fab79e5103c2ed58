-- model: worth_problem
-- grain: one problem: a customer's incident, ticket, booking or rating with damage in the month
-- inputs: posted, person_of_customer
-- params: solving, at_once_hours
-- How fast each problem was solved: from its first damage to the first credit that says so, by the month's end.
--   damage 3 May 10:00, rebate 3 May 11:00, resolved call 4 May 09:00 -> at_once (a rebate says nothing)
--   damage 3 May 10:00, resolved call 9 May                           -> later
--   damage 3 May 10:00                                                -> unsolved
with
entry as (
    select
        coalesce(person_of_customer.person_id, posted.customer_id) as customer_id,
        posted.subject_kind_code, coalesce(posted.incident_id, posted.subject_id) as account_id,
        posted.entry_kind_code, posted.indicator_id, posted.posted_at
    from posted
    left join person_of_customer on posted.customer_id = person_of_customer.customer_id
),
damaged as (
    select customer_id, subject_kind_code, account_id, min(posted_at) as damaged_at
    from entry
    where entry_kind_code = 'debit'
    group by all
),
solved as (
    select entry.customer_id, entry.subject_kind_code, entry.account_id, min(entry.posted_at) as solved_at
    from entry
    join damaged
        on entry.customer_id = damaged.customer_id and entry.subject_kind_code = damaged.subject_kind_code
            and entry.account_id = damaged.account_id and entry.posted_at >= damaged.damaged_at
    where entry.entry_kind_code = 'credit' and list_contains($solving, entry.indicator_id)
    group by all
),
final as (
    select
        damaged.customer_id,
        case
            when solved_at is null then 'unsolved'
            when solved_at <= damaged_at + to_hours($at_once_hours) then 'at_once'
            else 'later'
        end as speed_code
    from damaged
    left join solved
        on damaged.customer_id = solved.customer_id and damaged.subject_kind_code = solved.subject_kind_code
            and damaged.account_id = solved.account_id
)
select * from final
