-- model: open_spell
-- grain: one grumble and run of days on which it was open as far as anybody knew
-- inputs: input_grumble, grumble_type, person
-- share: customer_id
-- params: first_day, longest
-- A day at risk is exposed to what was open at the end of the day before, by the words that had come by then: a later
-- denial does not take back what was known. A grumble before a complaint of an earlier month became that complaint and
-- is open no more. Days count from the month's first. Example (grumbled on day 0, at risk to day 30):
--     solved on 3, denied on 6, solved on 9    ->  1 to 3, 7 to 9
--     solved on 3, denied on 3                 ->  1 to 3, 4 to 30
with
typed as (
    select
        row_number() over () as row_no,
        person.customer_no, person.group_no, grumble_type.type_no, person.from_day, person.at_risk_to,
        input_grumble.grumbled_on - $first_day as day, input_grumble.solved_on - $first_day as solved_day,
        input_grumble.solution_words
    from input_grumble
    join grumble_type using (grumble_type_code)
    join person using (customer_id)
    where input_grumble.grumbled_on - $first_day between person.from_day and person.to_day
        and coalesce(input_grumble.grumbled_at > person.complained_before_at, true)
),
-- Nearly all have one word at most.
plain as (
    select
        * exclude (row_no, solved_day, solution_words), day as start_day,
        case
            when solution_words is null then coalesce(solved_day, 9999)
            when starts_with(solution_words, 's')
                then cast(make_timestamptz(cast(substr(solution_words, 2) as bigint)) as date) - $first_day
            else 9999
        end as end_day
    from typed
    where solution_words is null or not contains(solution_words, ';')
),
listed as (select * from typed where contains(solution_words, ';')),
word as (
    select
        row_no,
        unnest(range(len(string_split(solution_words, ';')))) as place,
        unnest(string_split(solution_words, ';')) as word
    from listed
),
told as (
    select
        row_no, place, starts_with(word, 's') as is_solved,
        cast(make_timestamptz(cast(substr(word, 2) as bigint)) as date) - $first_day as word_day
    from word
),
turn as (
    select *
    from told
    qualify is_solved <> coalesce(lag(is_solved) over (partition by row_no order by place), false)
),
-- Each denial opens it again, as the grumble itself did; a solution ends what is open.
opened as (
    select row_no, -1 as place, day as start_day from listed
    union all
    select row_no, place, word_day from turn where not is_solved
),
spell as (
    select opened.row_no, opened.start_day, coalesce(min(turn.word_day), 9999) as end_day
    from opened
    left join turn on turn.row_no = opened.row_no and turn.is_solved and turn.place > opened.place
    group by opened.row_no, opened.place, opened.start_day
),
taken_back as (
    select listed.* exclude (row_no, solved_day, solution_words), spell.start_day, spell.end_day
    from spell
    join listed using (row_no)
),
every as (
    select * from plain
    union all by name
    select * from taken_back
),
final as (
    select
        customer_no, group_no, type_no, cast(day as smallint) as day,
        cast(greatest(start_day + 1, from_day, 0) as smallint) as first,
        cast(least(end_day, day + $longest, at_risk_to) as smallint) as last
    from every
    where greatest(start_day + 1, from_day, 0) <= least(end_day, day + $longest, at_risk_to)
)
select * from final
