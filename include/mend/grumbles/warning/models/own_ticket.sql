-- model: own_ticket
-- grain: one state of a ticket and grumble that it may be about
-- inputs: ticket, ticket_state
-- share: source_key via grumble
-- Every state of a ticket from the moment on at which its source had it, until the next; the first one from the
-- beginning. A ticket of which no states are kept has the one that it has now. A ticket under its own number and under
-- that of its contact: an `or` between the two would compare every grumble with every ticket.
--
--     ticket_id | version_at | closed_at        from_at | until_at | closed_at
--     T         | 1          |             ->           | 5        |
--     T         | 5          | 4                5       |          | 4
with
state as (
    select ticket_id, contact_id, version_at, opened_at, closed_at, reopened_at, suspended_at, suspended_until,
    promised_at
    from ticket_state
    union all
    select ticket_id, contact_id, opened_at, opened_at, closed_at, reopened_at, suspended_at, suspended_until,
    promised_at
    from ticket
    where ticket_id not in (select ticket_id from ticket_state)
),
spell as (
    select
        *,
        case when row_number() over states > 1 then version_at end as from_at,
        lead(version_at) over states as until_at
    from state
    window states as (partition by ticket_id order by version_at)
),
final as (
    select 'ticket:' || ticket_id as source_key, * exclude (ticket_id, contact_id, version_at) from spell
    union all
    select 'contact:' || contact_id, * exclude (ticket_id, contact_id, version_at) from spell
        where contact_id is not null
)
select * from final
