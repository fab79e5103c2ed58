-- The pass's contacts with whole numbers for keys, which sort and join much faster than text. Input: contact_stage.
with
stage as (select * from contact_stage),
customer as (select customer_id, cast(row_number() over () as integer) as customer_key from (select distinct customer_id from stage)),
topic as (select topic_code, cast(row_number() over () as integer) as topic_key from (select distinct topic_code from stage where topic_code is not null)),
keyed as materialized (
    select
        row_number() over () as contact_key,
        customer.customer_key,
        topic.topic_key,
        epoch_us(stage.started_at) as started_us,
        stage.*
    from stage
    join customer using (customer_id)
    left join topic using (topic_code)
),
-- Contacts of a customer at the same instant stand in the order of their ids. They are few: text is sorted for them alone.
same_instant as (
    select customer_key, started_us from keyed where not is_outbound group by customer_key, started_us having count(*) > 1
),
tied as (
    select contact_key, row_number() over (partition by customer_key, started_us order by contact_id) as tie
    from keyed semi join same_instant using (customer_key, started_us)
),
final as (
    select keyed.*, coalesce(tied.tie, 0) as tie
    from keyed left join tied using (contact_key)
)
select * from final
