-- model: ticket_happening
-- grain: one thing that happened to a ticket, named as its live event is
-- inputs: core_ticket, core_ticket_version
-- Filed, suspended, archived and reopened, each by the state that named it first: what the ticket becomes later changes
-- nothing of it. It is of the day on which it happened when that is the day of its state or the state is the ticket's
-- first, else of the day of the state, on which the source said so. A ticket of which no states are kept has the one
-- that it has now. A state reopened after its closing was closed before that reopening, and is at work again. Example:
--     state of 11th | closed 11th                              archived :0, 11th
--     state of 12th | closed 11th, reopened 12th, once         reopened :1, 12th
--     state of 15th | closed 14th, reopened 12th, once         archived :1, of the 15th
with
state as (
    select
        ticket_id, version_at, customer_id, topic_code, kind_code, is_resolved, city_code, handler_id, opened_at,
        closed_at, reopened_at, reopen_count, suspended_at, suspended_until, promised_at
    from core_ticket_version
    union all
    select
        ticket_id, opened_at, customer_id, topic_code, kind_code, is_resolved, city_code, handler_id, opened_at,
        closed_at, reopened_at, reopen_count, suspended_at, suspended_until, promised_at
    from core_ticket
    where ticket_id not in (select ticket_id from core_ticket_version)
),
beside as (
    select
        *,
        row_number() over states = 1 as is_first,
        lag(kind_code) over states as kind_before,
        lag(closed_at) over states as closed_before_at,
        lag(reopened_at) over states as reopened_before_at,
        lag(suspended_until) over states as suspended_until_before
    from state
    window states as (partition by ticket_id order by version_at)
),
named as (
    select
        'ticket_archived:' || ticket_id || ':' || (coalesce(reopen_count, 0)
            - case when reopened_at > closed_at and reopen_count > 0 then 1 else 0 end) as event_id,
        'ticket_archived' as event_kind_code, closed_at as happened_at,
        case when is_resolved then 'resolved' else 'unresolved' end as outcome_code,
        cast(null as timestamptz) as event_promised_at, *
    from beside
    where closed_at is not null and closed_at is distinct from closed_before_at
    union all by name
    select
        'ticket_reopened:' || ticket_id || ':' || coalesce(reopen_count, 1) as event_id,
        'ticket_reopened' as event_kind_code, reopened_at as happened_at, *
    from beside
    where reopened_at is not null and reopened_at is distinct from reopened_before_at
    union all by name
    select
        'complaint_filed:' || ticket_id as event_id, 'complaint_filed' as event_kind_code, opened_at as happened_at,
        promised_at as event_promised_at, *
    from beside
    where kind_code = 'complaint' and kind_before is distinct from 'complaint'
    union all by name
    select
        'ticket_suspended:' || ticket_id as event_id, 'ticket_suspended' as event_kind_code,
        coalesce(suspended_at, opened_at) as happened_at, coalesce(promised_at, suspended_until) as event_promised_at, *
    from beside
    where suspended_until is not null and suspended_until is distinct from suspended_until_before
),
-- One ticket is suspended or archived so many times by one name: the first time gives the event.
placed as (
    select *, row_number() over (partition by event_id order by version_at) as place
    from named
),
final as (
    select
        event_id, event_kind_code as kind_code, customer_id, topic_code, kind_code as ticket_kind_code, outcome_code,
        city_code, handler_id, 'ticket' as about_kind_code, ticket_id as about_id, happened_at,
        event_promised_at as promised_at,
        case when is_first or cast(happened_at as date) = cast(version_at as date) then cast(happened_at as date)
            else cast(greatest(happened_at, version_at) as date) end as known_on
    from placed
    where place = 1
)
select * from final
