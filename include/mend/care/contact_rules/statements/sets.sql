-- statement: roomy
-- Millions are sorted and joined: in memory, for this transaction alone.
set local work_mem = '256MB'

-- statement: asked_customer
-- Of whom the same is asked.
drop table if exists asked_customer, contact_answer;
create temp table asked_customer (customer_id text not null) on commit drop

-- statement: ask_customers
-- A request for each.
insert into contact_request (
    request_key, customer_id, phone_number, topic_code, about_id, happened_at, planned_at, latest_at, consent_code,
    is_promised, needs_consent, has_question, priority
)
select
    :key || customer_id, customer_id, cast(:phone_number as text), cast(:topic_code as text), cast(:about_id as text),
    cast(:happened_at as timestamptz), cast(:planned_at as timestamptz), cast(:latest_at as timestamptz),
    cast(:consent_code as text), cast(:is_promised as boolean), cast(:needs_consent as boolean),
    cast(:has_question as boolean), cast(:priority as integer)
from asked_customer

-- statement: answer
-- What speaks against whom; customers with the same reasons are together, a few thousand a line, as lines are what
-- copying costs.
create temp table contact_answer on commit drop as
with
told as (
    select customer_id, array_to_string(reason_codes, ',') as reason_codes
    from ({reasons}) as decided
    where cardinality(reason_codes) > 0
),
final as (
    select reason_codes, string_agg(customer_id, chr(31)) as customer_ids
    from told
    group by reason_codes, hashtext(customer_id) & 255
)
select * from final
