-- Answered contacts of a day, one a customer, those with complex topics first, else in an order of the seed's. Input:
-- core_contact.
with
ordered as (
    select
        contact_id,
        customer_id,
        topic_code,
        list_contains($complex_topics, topic_code) as is_complex,
        md5($seed || ':' || contact_id) as place
    from core_contact
    where customer_id is not null and topic_code is not null and direction_code = 'inbound' and is_answered
),
single as (
    select *
    from ordered
    qualify row_number() over (partition by customer_id order by is_complex desc, place, contact_id) = 1
),
final as (
    select contact_id, customer_id, topic_code, is_complex, place
    from single
    order by is_complex desc, place, contact_id
    limit $count
)
select contact_id, customer_id, topic_code from final order by is_complex desc, place, contact_id
