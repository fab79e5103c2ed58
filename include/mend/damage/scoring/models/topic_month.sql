-- model: topic_month
-- grain: one topic in a month
-- inputs: topic_fresh, topic_stored, fresh_month
-- share: whole
-- The medians that this run goes by: those it worked out itself, and the others as they are stored.
with
stored as (select month, topic_code, median_handling_seconds, contact_count from topic_stored anti join fresh_month
    using (month)),
final as (
    select month, topic_code, median_handling_seconds, contact_count from topic_fresh
    union all
    select * from stored
)
select * from final
