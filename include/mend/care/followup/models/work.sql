-- Open tickets, with the number to call: that of the id by which the customer goes now, where one is known. None that another customer has by a
-- snapshot no older: it may be theirs.
with
open_ticket as (
    select follow_up_ticket.*, coalesce(person_id, follow_up_ticket.customer_id) as person_id
    from follow_up_ticket
    left join customer_person using (customer_id)
    where state_code not in ('answered', 'closed')
),
numbered as (
    select
        open_ticket.*,
        case when now.customer_id is not null then now.phone_number else before.phone_number end as phone_number,
        coalesce(now.snapshot_on, before.snapshot_on) as snapshot_on
    from open_ticket
    left join contact_address as now on now.customer_id = open_ticket.person_id
    left join contact_address as before on before.customer_id = open_ticket.customer_id
),
final as (
    select
        follow_up_id, team_code, handler_id, measure_code, tier, state_code, customer_id, topic_code, opened_at,
        case when not exists (
            select from contact_address as other
            left join customer_person on customer_person.customer_id = other.customer_id
            where other.phone_number = numbered.phone_number and other.is_active
                and coalesce(customer_person.person_id, other.customer_id) <> numbered.person_id
                and other.snapshot_on >= numbered.snapshot_on
        ) then phone_number end as phone_number
    from numbered
)
select * from final order by follow_up_id
