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
-- One sort, and running sums along the sorted rows. What is said of a ticket so far is the latest number of a row that
-- says so: twice the row's number, and one more where it says yes. Each ticket's first row says no.
with
in_order as (
    select * from (
        select
            *,
            case
                event_code
                when 'open' then 0 when 'state' then 1 when 'end' then 2 when 'close' then 3 when 'reopen' then 4
                when 'return' then 5 when 'suspend' then 6 when 'suspended_over' then 6 else 7
            end as place
        from ticket_event
        order by ticket_number, counted_at, happened_at, place, state_at, cause_id
    )
),
beside as (
    select
        *,
        lag(ticket_number) over () is distinct from ticket_number as is_first,
        case when lead(ticket_number) over () = ticket_number
            then epoch_us(lead(counted_at) over ()) - epoch_us(counted_at) end as until_next_us,
        2 * row_number() over () as says_no,
        2 * row_number() over () + 1 as says_yes
    from in_order
),
said as (
    select
        *,
        max(case when event_code = 'open' then says_yes when is_first then says_no end) over so_far as opened,
        max(case when event_code in ('end', 'close') then says_yes when is_first or event_code = 'reopen'
            or event_code = 'open' then says_no end) over so_far as ended,
        max(case when event_code = 'suspend' then says_yes when is_first or event_code in ('open', 'return')
            then says_no end) over so_far as suspended,
        max(case when event_code in ('suspend', 'suspended_over') then says_yes when is_first
            then says_no end) over so_far as ever_suspended,
        max(case when event_code = 'close' then says_yes when is_first or event_code = 'answer'
            then says_no end) over so_far as closed_unanswered
    from beside
    window so_far as (rows unbounded preceding)
),
spell as (
    select
        *,
        ended % 2 = 1 as is_ended,
        ever_suspended % 2 = 1 as was_suspended,
        not is_first and lag(closed_unanswered) over () % 2 = 1 as is_closed_unanswered,
        cast($limit_seconds as bigint) * 1000000 as limit_us,
        case
            when opened % 2 = 0 or ended % 2 = 1 or suspended % 2 = 1 then 0
            else least(until_next_us, limit_us + 1)
        end as open_us
    from said
),
summed as (select *, sum(open_us) over (rows unbounded preceding) - open_us as us_before from spell),
clock as (
    select *, us_before - max(case when is_first then us_before end) over (rows unbounded preceding) as open_us_before
    from summed
),
final as (
    select
        ticket_number, state_at, event_code, counted_at, is_solved, cause_id, is_ended, was_suspended,
        is_closed_unanswered,
        case
            when open_us_before <= limit_us and open_us_before + open_us > limit_us
                then counted_at + to_microseconds(cast(limit_us - open_us_before as bigint))
        end as open_limit_at
    from clock
)
select * from final
