-- model: carried
-- grain: one customer whose score of the month before carries over
-- inputs: score_before
-- share: customer_id
-- params: carry_over
-- A share of the score, cut to thousandths. A person of several ids carries over what each of them had. Under a
-- hundredth nothing is left.
with
weighed as (
    select
        customer_id,
        cast(floor(sum(score) * cast($carry_over as decimal(7, 6)) * 1000) as bigint) * cast(0.001 as decimal(4, 3))
            as points
    from score_before
    group by customer_id
),
final as (select customer_id, cast(points as decimal(9, 3)) as points from weighed where points >= 0.01)
select * from final
