-- model: complaint_before
-- grain: one ticket that is a complaint on a topic
-- inputs: ticket_of_days, file_ticket_version
-- share: customer_id
-- When the customer complained, and how long after their last complaint on the topic (another ticket).
with
asking as (
    select distinct version.customer_id
    from file_ticket_version as version semi join ticket_of_days using (ticket_id)
    where version.kind_code = 'complaint'
),
state as (
    select
        ticket_id, customer_id, topic_code, kind_code, version_at, opened_at,
        version_at = min(version_at) over (partition by ticket_id) as is_first
    from file_ticket_version semi join asking using (customer_id)
),
complaint as (
    select
        ticket_id, customer_id, topic_code,
        min(case when is_first then opened_at else version_at end) as complained_at
    from state
    where kind_code = 'complaint' and topic_code is not null
    group by ticket_id, customer_id, topic_code
),
final as (
    select
        *,
        (epoch_us(complained_at) - epoch_us(lag(complained_at) over topics)) / 1e6 as previous_complaint_seconds
    from complaint
    window topics as (partition by customer_id, topic_code order by complained_at, ticket_id)
)
select * from final
