-- model: outcome_event
-- grain: one person of whom something is known in the time followed
-- inputs: outcome_row, posted, complaint_file, reply_file, person_of_customer
-- share: customer_id
-- params: repeat_indicator
-- What followed: called again about the same thing (the ledger's own indicator), complained, rated. Ratings of five
-- stars count in tenths.
with
person as (select distinct person_id from outcome_row),
event as (
    select customer_id, 1 as repeats, 0 as complaints, null as rating
    from posted
    where indicator_id = $repeat_indicator and entry_kind_code = 'debit'
    union all by name
    select customer_id, 0 as repeats, 1 as complaints, null as rating
    from complaint_file
    union all by name
    select customer_id, 0 as repeats, 0 as complaints, score * 10.0 / score_scale as rating
    from reply_file
    where score is not null and score_scale is not null
),
owned as (
    select coalesce(person_of_customer.person_id, event.customer_id) as person_id, event.* exclude (customer_id)
    from event
    left join person_of_customer on event.customer_id = person_of_customer.customer_id
    where event.customer_id is not null
),
final as (
    select
        owned.person_id,
        sum(owned.repeats) > 0 as repeat_contact,
        sum(owned.complaints) > 0 as complaint,
        cast(coalesce(sum(cast(owned.rating as decimal(9, 3))), 0) as double) as rating_sum,
        cast(count(owned.rating) as integer) as rating_count
    from owned
    semi join person on owned.person_id = person.person_id
    group by owned.person_id
)
select * from final
