-- model: outcome_row
-- grain: one followed candidate and strategy
-- inputs: gate_file, list_file, person_of_customer
-- share: customer_id
-- Whom is followed, under which strategy. A row for each thing that a list gave; the held-out customer stands under the
-- strategy that they would have got at the same prices, also beside what they are owed. Arms are those of the draw:
-- nobody leaves theirs for not having been reached.
--   listed, owed a call, held out of the rest   -> listed, complaint_call; held_out, phone_callback (shadow)
--   listed with a call                          -> listed, phone_callback
--   deferred                                    -> deferred, no strategy
-- Two candidates of different arms who have since become one person leave the comparisons: `is_mixed`.
with
candidate as (
    select
        gate_file.*,
        coalesce(person_of_customer.person_id, gate_file.customer_id) as person_id
    from gate_file
    left join person_of_customer on gate_file.customer_id = person_of_customer.customer_id
    where gate_file.outcome_code <> 'gated'
),
mixed as (
    select person_id
    from candidate
    group by person_id
    having count(distinct coalesce(arm_code, '')) > 1 or count(distinct is_universal_hold_out) > 1
),
given as (
    select
        candidate.customer_id,
        list_file.strategy_code,
        'listed' as list_arm_code,
        false as is_shadow,
        list_file.action_code,
        list_file.valid_from,
        list_file.valid_until
    from candidate
    join list_file on candidate.customer_id = list_file.customer_id
),
withheld as (
    select customer_id, shadow_strategy_code as strategy_code, 'held_out' as list_arm_code, true as is_shadow
    from candidate
    where shadow_strategy_code is not null
),
-- What is left stands under no strategy.
other as (
    select customer_id, cast(null as varchar) as strategy_code, outcome_code as list_arm_code, false as is_shadow
    from candidate
    where outcome_code = 'deferred' or (outcome_code = 'held_out' and shadow_strategy_code is null)
),
together as (from given union all by name from withheld union all by name from other),
final as (
    select
        together.*,
        candidate.month,
        candidate.version,
        candidate.person_id,
        candidate.is_universal_hold_out,
        candidate.score,
        candidate.value_code,
        mixed.person_id is not null as is_mixed
    from together
    join candidate on together.customer_id = candidate.customer_id
    left join mixed on candidate.person_id = mixed.person_id
)
select * from final
