-- model: contact_figure
-- grain: one customer with a contact
-- inputs: input_contact, topic_number
-- params: first_day, counts_from, slots, least_wait_seconds, traditional, ivr_sms, web_wap, hotline
-- What a customer's matters were like. A matter is a topic in a month: three calls about one bill are one, so that a
-- chain of redials is not taken for a habit. Each matter is a bit, the sets of matters are numbers, counted at the end.
-- With 21 slots a month, topic 2 in the second month is bit 23; of
--     bit 1 abandoned, bit 1 waited to the end, bit 23 waited
-- abandoned is {1}, waited {1, 23}: one matter was given up at some time, the other never.
with
placed as (
    select
        customer_id, is_abandoned, queue_seconds, mood_code,
        cast(1 as bigint) << cast(datediff('month', $first_day, started_on) * $slots
            + coalesce(topic_no, 0) % $slots as integer) as matter,
        case
            when list_contains($web_wap, touchpoint_code) then 3
            when list_contains($ivr_sms, touchpoint_code) then 2
            when list_contains($traditional, touchpoint_code) then 1
            when not list_contains($hotline, touchpoint_code) or outcome = 'refused' then null
            when is_answered or queue_seconds is not null then 1
            else 2
        end as channel
    from input_contact
    left join topic_number using (topic_code)
    where started_on >= $counts_from
),
collected as (
    select
        customer_id,
        bit_or(case when channel = 1 then matter end) as traditional,
        bit_or(case when channel = 2 then matter end) as ivr_sms,
        bit_or(case when channel = 3 then matter end) as web_wap,
        bit_or(case when mood_code in ('annoyed', 'angry') then matter end) as displeased,
        bit_or(case when mood_code = 'angry' then matter end) as angry,
        bit_or(case when is_abandoned is not null and queue_seconds >= $least_wait_seconds then matter end) as waited,
        bit_or(case when is_abandoned and queue_seconds >= $least_wait_seconds then matter end) as abandoned
    from placed
    group by customer_id
),
final as (
    select
        customer_id,
        bit_count(coalesce(traditional, 0)) as traditional_count,
        bit_count(coalesce(ivr_sms, 0)) as ivr_sms_count,
        bit_count(coalesce(web_wap, 0)) as web_wap_count,
        bit_count(coalesce(angry, 0)) as angry_count,
        bit_count(coalesce(displeased, 0)) - bit_count(coalesce(angry, 0)) as annoyed_count,
        bit_count(coalesce(abandoned, 0)) as abandoned_count,
        bit_count(coalesce(waited, 0)) - bit_count(coalesce(abandoned, 0)) as stayed_count
    from collected
)
select * from final
