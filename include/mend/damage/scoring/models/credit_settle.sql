-- The credits whose turn it is, each limited to what the credits before it left. Inputs: credit_gross, {settled} (the credits before).
with
credit_settled as ({settled}),
offer as (select * from credit_gross where turn = $turn),
used as (
    select offer.indicator_id, offer.cause_id, sum(credit_settled.applied_points) as points
    from offer
    join credit_settled
        on offer.subject_kind_code = credit_settled.subject_kind_code and offer.subject_id = credit_settled.subject_id
        and credit_settled.credited_at > offer.credited_at - to_days($repairs_within_days)
    group by offer.indicator_id, offer.cause_id
),
final as (
    select
        offer.* exclude (turn, gross_points, repairs),
        cast(greatest(0, least(offer.points, offer.gross_points - coalesce(used.points, 0))) as integer) as applied_points
    from offer left join used using (indicator_id, cause_id)
)
select * from final
