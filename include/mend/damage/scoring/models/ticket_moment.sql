-- model: ticket_moment
-- grain: one thing that happened to a ticket, with how the ticket stood right after it
-- inputs: ticket_event
-- share: customer_id
-- params: limit_seconds
-- The clock runs from the opening while a ticket is neither ended nor suspended; an answer or a follow-up that is dated
-- before the opening starts nothing. Example, with a limit of 48 h:
--   happened | event  | open before | open_limit_at
--   10th 9:00| open   | 0 h         |
--   12th 8:00| close  | 47 h        |
--   30th 7:00| reopen | 47 h        | 30th 8:00
with
effect as (
    select
        *,
        case when event_code in ('end', 'close') then true when event_code in ('open', 'reopen')
            then false end as is_ending,
        case when event_code = 'suspend' then true when event_code in ('open', 'return')
            then false end as is_suspending,
        case when event_code in ('close', 'answer') then event_code end as closing_or_answer,
        case
            event_code
            when 'open' then 0 when 'state' then 1 when 'end' then 2 when 'close' then 3 when 'reopen' then 4
            when 'return' then 5 when 'suspend' then 6 else 7
        end as place
    from ticket_event
),
stood as (
    select
        *,
        coalesce(last_value(is_ending ignore nulls) over so_far, false) as is_ended,
        coalesce(last_value(is_suspending ignore nulls) over so_far, false) as is_suspended,
        coalesce(bool_or(is_suspending or event_code = 'suspended_over') over so_far, false) as was_suspended,
        bool_or(event_code = 'open') over so_far as is_opened,
        last_value(closing_or_answer ignore nulls) over earlier as heard_before,
        coalesce(
            greatest(version_at, max(case when event_code = 'state' then version_at end) over so_far),
            min(version_at) over (partition by ticket_id)
        ) as state_at,
        coalesce(lead(counted_at) over ticket, cast('infinity' as timestamptz)) as next_counted_at
    from effect
    window
        ticket as (partition by ticket_id order by counted_at, happened_at, place, version_at, cause_id),
        so_far as (
            partition by ticket_id order by counted_at, happened_at, place, version_at, cause_id
            rows between unbounded preceding and current row
        ),
        earlier as (
            partition by ticket_id order by counted_at, happened_at, place, version_at, cause_id
            rows between unbounded preceding and 1 preceding
        )
),
spell as (
    select
        *,
        case
            when is_ended or is_suspended or not is_opened then 0
            when isfinite(next_counted_at) then epoch_us(next_counted_at) - epoch_us(counted_at)
            else 9000000000000000
        end as open_us
    from stood
),
clock as (
    select
        *,
        coalesce(cast(sum(open_us) over (
            partition by ticket_id order by counted_at, happened_at, place, version_at, cause_id
            rows between unbounded preceding and 1 preceding
        ) as bigint), 0) as open_us_before,
        cast($limit_seconds as bigint) * 1000000 as limit_us
    from spell
),
final as (
    select
        ticket_id, state_at, event_code, counted_at, is_solved, cause_id, is_ended, was_suspended, heard_before,
        case
            when open_us_before <= limit_us and open_us_before + open_us > limit_us
                then counted_at + to_microseconds(limit_us - open_us_before)
        end as open_limit_at
    from clock
)
select * from final
