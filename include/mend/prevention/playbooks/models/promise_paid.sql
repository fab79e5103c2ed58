-- model: promise_paid
-- grain: one case of a promise
-- inputs: promise_case, promise_term, person_of_customer, customer_city
-- Each case with the customer's city, and whether it is paid: a broken promise whose customer is known and has not yet
-- had as many in the month as are paid. The first ones of the month are paid.
with
named as (
    select
        promise_case.* exclude (customer_id),
        coalesce(person_of_customer.person_id, promise_case.customer_id) as customer_id
    from promise_case
    left join person_of_customer on promise_case.customer_id = person_of_customer.customer_id
),
numbered as (
    select
        *,
        row_number() over (
            partition by promise_code, customer_id, state_code order by decided_at, case_id
        ) as place
    from named
),
final as (
    select
        numbered.promise_code,
        numbered.case_id,
        numbered.state_code,
        cast(numbered.decided_at as date) as decided_on,
        coalesce(customer_city.city_code, numbered.city_code, 'unknown') as city_code,
        numbered.state_code = 'broken' and numbered.customer_id is null as is_nameless,
        numbered.state_code = 'broken' and numbered.customer_id is not null
            and coalesce(numbered.place > promise_term.most_per_month, false) as is_capped,
        numbered.state_code = 'broken' and numbered.customer_id is not null
            and coalesce(numbered.place <= promise_term.most_per_month, true) as is_paid
    from numbered
    join promise_term on numbered.promise_code = promise_term.promise_code
    left join customer_city on numbered.customer_id = customer_city.customer_id
)
select * from final
