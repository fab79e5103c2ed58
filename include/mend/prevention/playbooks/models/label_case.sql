-- model: label_case
-- grain: one customer of the list
-- inputs: list_row, campaign_feature
-- What the list knows of each customer, by the names that a playbook's condition asks for. A list says nothing of a
-- single ticket or grumble point: these are null, and so is all of a customer without a frozen candidate but the level.
with
listed as (select customer_id, max(level) as listed_level from list_row group by customer_id),
final as (
    select
        listed.customer_id,
        coalesce(campaign_feature.level, listed.listed_level) as level,
        campaign_feature.* exclude (customer_id, level),
        'label' as about_code,
        cast(null as varchar) as measure_code,
        cast(null as varchar) as topic_code,
        cast(null as varchar) as grumble_type_code,
        cast(null as varchar) as grumble_area_code,
        cast(null as integer) as tier,
        cast(null as integer) as complaint_count,
        cast(null as integer) as reopen_count,
        cast(null as boolean) as is_past_limit
    from listed
    left join campaign_feature on listed.customer_id = campaign_feature.customer_id
)
select * from final
