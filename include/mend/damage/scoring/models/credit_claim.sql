-- model: credit_claim
-- grain: one credit offered and one account of damage that it names
-- inputs: credit_offer, credit_row, same_person
-- share: customer_id
-- An account is a ticket, or an incident with all its contacts. A credit names its ticket, and its contact: the first
-- contact of an incident stands for the whole incident. What belongs to another customer is not theirs to repair.
with
offer as (select row_number() over (order by posted_at, indicator_id, cause_id) as offer_number, * from credit_offer),
named as (
    select offer_number, customer_id, posted_on, 'ticket' as subject_kind_code, repaired_ticket_id as named_id
    from offer where repaired_ticket_id is not null
    union all
    select offer_number, customer_id, posted_on, 'contact' as subject_kind_code, repaired_contact_id as named_id
    from offer where repaired_contact_id is not null
),
debit as (
    select customer_id, subject_kind_code, subject_id, account_id from credit_row where entry_kind_code = 'debit'
),
meant as (
    select named.*, debit.account_id, debit.customer_id as owner_id
    from named join debit on named.subject_kind_code = debit.subject_kind_code and named.named_id = debit.subject_id
    union
    select named.*, debit.account_id, debit.customer_id as owner_id
    from named join debit on named.subject_kind_code = debit.subject_kind_code and named.named_id = debit.account_id
),
final as (
    select distinct
        offer.offer_number, epoch_us(offer.posted_at) as posted_us,
        year(offer.posted_on) * 12 + month(offer.posted_on) as month_number,
        offer.points * 1000 as offered_thousandths, offer.repairs, meant.subject_kind_code, meant.named_id,
        meant.account_id
    from meant
    join offer using (offer_number)
    left join same_person
        on meant.customer_id = same_person.customer_id and meant.owner_id = same_person.other_id
        and meant.posted_on between same_person.first_on and same_person.last_on
    where meant.customer_id = meant.owner_id or same_person.other_id is not null
)
select * from final
