-- model: campaign_reply
-- grain: one customer who answered a survey in the month
-- inputs: reply_file, person_of_customer
-- share: customer_id
-- Who was surveyed, and whose answer after a call was poor (0 to 6 of 10, or 1 to 2 of 5).
with
answered as (
    select
        coalesce(person_of_customer.person_id, reply_file.customer_id) as customer_id,
        reply_file.purpose_code = 'hang_up' and (
            (reply_file.score_scale = 10 and reply_file.score between 0 and 6)
            or (reply_file.score_scale = 5 and reply_file.score between 1 and 2)
        ) as is_poor
    from reply_file
    left join person_of_customer on reply_file.customer_id = person_of_customer.customer_id
    where reply_file.customer_id is not null
),
final as (
    select customer_id, coalesce(bool_or(is_poor), false) as is_dissatisfied_hangup from answered group by customer_id
)
select * from final
