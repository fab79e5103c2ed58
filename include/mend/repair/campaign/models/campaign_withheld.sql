-- model: campaign_withheld
-- grain: one candidate
-- inputs: campaign_base, campaign_audience, campaign_person
-- fills: withheld_mask
-- Hold-out by person: bit 0 the universal arm, bit k + 1 the arm of the k-th strategy, looked at only where they are in
-- its audience. Who is known by several ids is held out if any of these is: it survives a changed number.
with
own as (
    select campaign_base.place, campaign_base.customer_id, campaign_base.customer_id as hashed_id, audience_mask
    from campaign_base
    join campaign_audience on campaign_base.place = campaign_audience.place
),
others as (
    select own.place, own.customer_id, campaign_person.other_id as hashed_id, own.audience_mask
    from own
    join campaign_person on own.customer_id = campaign_person.customer_id
),
drawn as (select place, cast({withheld_mask} as bigint) as withheld_mask from own),
drawn_by_other as (
    select place, bit_or(cast({withheld_mask} as bigint)) as withheld_mask from others group by place
),
final as (
    select drawn.place, drawn.withheld_mask | coalesce(drawn_by_other.withheld_mask, 0) as withheld_mask
    from drawn
    left join drawn_by_other on drawn.place = drawn_by_other.place
)
select * from final
