-- model: window_part
-- grain: one window, group, grumble type and complaint type
-- inputs: window_setting, population, person, grumble_day, complaint_row, following, preceding, grumble_type, complaint_type
-- share: customer_id
-- params: end_day, records_from
-- Counts of a share. The cohort of a window: the days whose window ends in the month's follow-up.
with cohort as (
    select window_days, greatest(-window_days, $records_from) as cohort_from, $end_day - window_days as cohort_to
    from window_setting
),
span as (
    select group_no, from_day, to_day, count(*) as customers
    from population
    group by group_no, from_day, to_day
),
base as (
    select
        window_days,
        group_no,
        sum(customers * greatest(0, least(to_day, cohort_to) - greatest(from_day, cohort_from) + 1))
            as customer_day_count
    from span
    cross join cohort
    group by window_days, group_no
),
grumble as (
    select
        window_days,
        group_no,
        type_no,
        count(*) as grumble_day_count,
        count(distinct customer_no) as grumble_customer_count
    from grumble_day
    join cohort on grumble_day.day between cohort_from and cohort_to
    group by window_days, group_no, type_no
),
complaint_gap as (
    select
        customer_no,
        group_no,
        complaint_no,
        day,
        lag(day) over (partition by customer_no, complaint_no order by day) as previous_day
    from (select distinct customer_no, group_no, complaint_no, day from complaint_row) as complaint_day
),
complaint as (
    select
        window_days,
        complaint_gap.group_no,
        complaint_no,
        sum(
            greatest(0,
                least(complaint_gap.day - 1, cohort_to)
                - greatest(complaint_gap.day - window_days, coalesce(previous_day, -999), cohort_from, person.from_day)
                + 1)
        ) as complaint_day_count,
        count(distinct case when complaint_gap.day >= 0 then customer_no end) as complaint_customer_count
    from complaint_gap
    join person using (customer_no)
    cross join cohort
    group by window_days, complaint_gap.group_no, complaint_no
),
followed as (
    select
        window_days,
        group_no,
        type_no,
        complaint_no,
        count(*) as both_day_count,
        count(distinct customer_no) as both_count
    from following
    join cohort on following.gap <= window_days and following.day between cohort_from and cohort_to
    group by window_days, group_no, type_no, complaint_no
),
preceded as (
    select
        window_days,
        group_no,
        type_no,
        complaint_no,
        count(*) as before_count,
        count(case when is_nearest then 1 end) as nearest_count
    from preceding
    join cohort on preceding.gap <= window_days
    group by window_days, group_no, type_no, complaint_no
),
combination as (
    select window_days, group_no, type_no, complaint_no
    from base
    cross join grumble_type
    cross join (select complaint_no from complaint_type union select 0) as complaint_no
),
final as (
    select
        combination.*,
        coalesce(customer_day_count, 0) as customer_day_count,
        coalesce(grumble_day_count, 0) as grumble_day_count,
        coalesce(grumble_customer_count, 0) as grumble_customer_count,
        coalesce(complaint_day_count, 0) as complaint_day_count,
        coalesce(complaint_customer_count, 0) as complaint_customer_count,
        coalesce(both_day_count, 0) as both_day_count,
        coalesce(both_count, 0) as both_count,
        coalesce(before_count, 0) as before_count,
        coalesce(nearest_count, 0) as nearest_count
    from combination
    left join base using (window_days, group_no)
    left join grumble using (window_days, group_no, type_no)
    left join complaint using (window_days, group_no, complaint_no)
    left join followed using (window_days, group_no, type_no, complaint_no)
    left join preceded using (window_days, group_no, type_no, complaint_no)
)
select * from final
