-- model: explicit
-- grain: one customer who said something that counts in the month
-- inputs: statement, subject_left, confirmation
-- params: first_day, lapses_after_closes, nothing_left_under
-- Whether what was said is repaired. With debits: when nothing is left of them. Without: when the customer confirms it;
-- or it lapses after some closes. What another customer has, gets or says of the same contact or ticket is no matter.
with
found as (
    select
        statement.customer_id,
        statement.grade,
        cast(date_trunc('month', statement.said_at) as date) as said_on,
        case when own.subject_id is null and answered.subject_id is null then null
            else coalesce(own.left_points, 0) + coalesce(answered.left_points, 0) end as left_points,
        greatest(own.credited_on, answered.credited_on) as credited_on,
        confirmation.confirmed_at
    from statement
    left join subject_left as own
        on statement.customer_id = own.owner_id and statement.subject_kind_code = own.subject_kind_code
            and statement.subject_id = own.subject_id
    left join subject_left as answered
        on statement.subject_kind_code <> 'reply' and answered.subject_kind_code = 'reply'
            and statement.survey_id = answered.subject_id and statement.customer_id = answered.owner_id
    left join confirmation
        on statement.subject_kind_code = confirmation.subject_kind_code
            and statement.subject_id = confirmation.subject_id and statement.customer_id = confirmation.owner_id
        and confirmation.confirmed_at > statement.said_at
),
judged as (
    select
        customer_id,
        grade,
        said_on,
        case
            when left_points is not null then left_points >= $nothing_left_under
            else confirmed_at is null and date_diff('month', said_on, $first_day) < $lapses_after_closes
        end as is_open,
        case
            when left_points is not null then left_points < $nothing_left_under and credited_on = $first_day
            else cast(date_trunc('month', confirmed_at) as date) = $first_day
        end as is_repaired
    from found
),
final as (
    select
        customer_id,
        max(case when is_open then grade else 0 end) as explicit_grade,
        bool_or(is_open or said_on = $first_day) as is_explicit,
        coalesce(bool_or(is_repaired), false) as is_repaired
    from judged
    where is_open or is_repaired or said_on = $first_day
    group by customer_id
)
select * from final
