-- model: subject_left
-- grain: one contact, ticket, booking or reply that somebody said something about, and that has debits
-- inputs: posted_year, statement, month_weight
-- What is left of its debits at the month's end. A debit loses a share at each close, and a credit takes only what is
-- left then: so each entry weighs what the closes since left of it.
--   May   5.0  AGT-08              weight 0.25
--   June -1.0  credit              weight 0.5    left in July: 5.0 * 0.25 - 1.0 * 0.5 = 0.75
with
subject as (
    select subject_kind_code, subject_id from statement
    union
    select 'reply', survey_id from statement where survey_id is not null
),
final as (
    select
        posted_year.subject_kind_code,
        posted_year.subject_id,
        cast(sum(posted_year.points * month_weight.weight) as double) as left_points,
        max(case when posted_year.entry_kind_code = 'credit' then month_weight.month_on end) as credited_on
    from posted_year
    join subject on posted_year.subject_kind_code = subject.subject_kind_code
        and posted_year.subject_id = subject.subject_id
    join month_weight on date_trunc('month', posted_year.posted_on) = month_weight.month_on
    group by all
    having sum(case when posted_year.entry_kind_code <> 'credit' then posted_year.points end) > 0
)
select * from final
