-- Who takes a ticket: whoever had this customer's matter before, at this tier; else of its team who knows the topic and has least to do.
with
ticket as (select customer_id, topic_code from follow_up_ticket where follow_up_id = :follow_up_id),
fitting as (
    select follow_up_handler.handler_id
    from follow_up_handler cross join ticket
    where follow_up_handler.is_active and follow_up_handler.tier = :tier and follow_up_handler.team_code = :team
        and (topic_codes is null or ticket.topic_code = any(string_to_array(topic_codes, ',')))
),
load as (
    select handler_id, count(*) as open_count
    from follow_up_ticket
    where state_code not in ('answered', 'closed') and handler_id is not null
    group by handler_id
),
known as (
    select earlier.handler_id, max(earlier.changed_at) as changed_at
    from follow_up_ticket as earlier
    join ticket on earlier.customer_id = ticket.customer_id and earlier.topic_code is not distinct from ticket.topic_code
    where earlier.follow_up_id <> :follow_up_id
    group by earlier.handler_id
),
final as (
    select handler_id
    from fitting
    left join load using (handler_id)
    left join known using (handler_id)
    order by known.changed_at desc nulls last, coalesce(open_count, 0), handler_id
    limit 1
)
select * from final
