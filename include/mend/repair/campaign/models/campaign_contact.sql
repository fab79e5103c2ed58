-- model: campaign_contact
-- grain: one candidate against whom the contact rules have something
-- inputs: contact_answer, contact_gate
-- params: kind_bits
-- Each kind's answers as bits: those of the second kind stand 16 places higher.
with
answered as (select kind, customer_id, unnest(string_split(reason_codes, ',')) as reason_code from contact_answer),
final as (
    select
        answered.customer_id,
        bit_or(cast(1 as bigint) << ($kind_bits * answered.kind + contact_gate.bit)) as contact_mask
    from answered
    join contact_gate on answered.reason_code = contact_gate.reason_code
    group by answered.customer_id
)
select * from final
