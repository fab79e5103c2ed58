-- model: topic_moved
-- grain: one month whose medians are not those that are stored
-- inputs: topic_fresh, topic_stored, fresh_month
-- share: whole
-- Months of which a topic's median or count is another than before; also those with a topic that is gone.
with
fresh as (select month, topic_code, median_handling_seconds, contact_count from topic_fresh),
stored as (
    select month, topic_code, median_handling_seconds, contact_count from topic_stored semi join fresh_month
        using (month)
),
final as (
    select month from (from fresh except from stored)
    union
    select month from (from stored except from fresh)
)
select * from final
