-- The pass's contacts with whole numbers for keys, which sort and join much faster than text. Input: contact_stage.
with
stage as (select * from contact_stage),
customer as (select customer_id, cast(row_number() over () as integer) as customer_key from (select distinct customer_id from stage)),
topic as (select topic_code, cast(row_number() over () as integer) as topic_key from (select distinct topic_code from stage where topic_code is not null)),
final as (
    select
        row_number() over () as contact_key,
        customer.customer_key,
        topic.topic_key,
        epoch_us(stage.started_at) as started_us,
        hash(stage.contact_id) as tie,
        stage.*
    from stage
    join customer using (customer_id)
    left join topic using (topic_code)
)
select * from final
