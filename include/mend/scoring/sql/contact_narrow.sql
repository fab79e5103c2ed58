-- The pass's contacts with whole numbers beside the texts: numbers sort and join much faster. A contact's own number is its rowid in this
-- table. Input: contact_stage.
with
stage as (select * from contact_stage),
final as (
    select
        *,
        hash(customer_id) as customer_key,
        case when topic_code is not null then hash(topic_code) end as topic_key,
        epoch_us(started_at) as started_us
    from stage
)
select * from final
