-- model: confirmation
-- grain: one customer and one contact, ticket or survey that they called repaired
-- inputs: reply, person_of_customer
-- params: confirming_scale, confirming_from
-- The last time that the customer said solved, or rated it high in a re-survey.
select
    coalesce(person_of_customer.person_id, reply.customer_id) as owner_id,
    reply.about_kind_code as subject_kind_code,
    reply.about_id as subject_id,
    max(reply.replied_at) as confirmed_at
from reply
left join person_of_customer on reply.customer_id = person_of_customer.customer_id
where reply.is_solved
    or (reply.purpose_code = 'resurvey' and reply.score_scale = $confirming_scale and reply.score >= $confirming_from)
group by all
