-- model: topic_median
-- grain: one topic in the month whose contacts are held against the month before
-- inputs: topic_month
-- share: whole
-- Each topic's median with the month after it.
with final as (
    select
        topic_code,
        median_handling_seconds,
        cast(strptime(month || '-01', '%Y-%m-%d') + interval 1 month as date) as applies_to_month_on
    from topic_month
)
select * from final
