-- model: report_calls
-- grain: the days asked for
-- inputs: contact_file
-- params: first, last
-- Repeat calls and hang-ups of the days asked for, by customers who are known (the file has a week more). A repeat
-- call: the customer's next one within seven days, or within one. A hang-up before a hang-up: one whose next call,
-- within a day, ended so too.
with
call as (
    select customer_id, contact_id, started_at, started_on, outcome = 'hung_up' as is_hung_up
    from contact_file
    where direction_code = 'inbound' and customer_id is not null and outcome <> 'phantom'
),
followed as (
    select
        *,
        lead(started_at) over calls - started_at as until_next,
        lead(is_hung_up) over calls as is_next_hung_up
    from call
    window calls as (partition by customer_id order by started_at, contact_id)
),
asked as (select * from followed where started_on between $first and $last),
final as (
    select
        count(*) as calls,
        count(distinct customer_id) as customers,
        count(case when until_next <= interval 7 days then 1 end) as repeats_in_a_week,
        count(case when until_next <= interval 1 day then 1 end) as repeats_in_a_day,
        count(distinct case when until_next <= interval 7 days then customer_id end) as repeaters_in_a_week,
        count(distinct case when until_next <= interval 1 day then customer_id end) as repeaters_in_a_day,
        count(case when is_hung_up then 1 end) as hang_ups,
        count(case when is_hung_up and until_next <= interval 1 day then 1 end) as hang_ups_followed,
        count(case when is_hung_up and is_next_hung_up and until_next <= interval 1 day
            then 1 end) as hang_ups_before_hang_ups,
        count(case when not is_hung_up and until_next <= interval 1 day then 1 end) as others_followed,
        count(case when not is_hung_up and is_next_hung_up and until_next <= interval 1 day then 1 end)
            as others_before_hang_ups
    from asked
)
select * from final
