-- model: campaign_withheld
-- grain: one candidate
-- inputs: campaign_base, campaign_audience, campaign_person
-- fills: withheld_mask
-- Hold-out by person: bit 0 the universal arm, bit k + 1 the arm of the k-th strategy, looked at only where they are in
-- its audience. Who is known by several ids is held out if any of these is: it survives a changed number. Bit 62: their
-- ids are of different arms, so that they are in no comparison.
with
own as (
    select campaign_base.place, campaign_base.customer_id as hashed_id, campaign_audience.audience_mask
    from campaign_base
    join campaign_audience on campaign_base.place = campaign_audience.place
),
others as (
    select campaign_base.place, campaign_person.other_id as hashed_id, campaign_audience.audience_mask
    from campaign_person
    join campaign_base on campaign_person.customer_id = campaign_base.customer_id
    join campaign_audience on campaign_base.place = campaign_audience.place
),
drawn as (select place, cast({withheld_mask} as bigint) as withheld_mask from own),
drawn_by_others as (
    select place, bit_or(other_mask) as any_mask, bit_and(other_mask) as every_mask
    from (select place, cast({withheld_mask} as bigint) as other_mask from others) as other
    group by place
),
final as (
    select
        drawn.place,
        case
            when drawn_by_others.place is null then drawn.withheld_mask
            else drawn.withheld_mask | drawn_by_others.any_mask
                | case
                    when drawn.withheld_mask = drawn_by_others.any_mask
                        and drawn.withheld_mask = drawn_by_others.every_mask then 0
                    else cast(1 as bigint) << 62
                end
        end as withheld_mask
    from drawn
    left join drawn_by_others on drawn.place = drawn_by_others.place
)
select * from final
