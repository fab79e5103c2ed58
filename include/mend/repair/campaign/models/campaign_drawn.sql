-- model: campaign_drawn
-- grain: one candidate who was drawn for a strategy that lets them through
-- inputs: campaign_sampled, campaign_case, campaign_free
-- params: draw_salt
-- Who is drawn comes before all others of the strategy. Where the room is short the lot decides once more, and the
-- probability says so: the share that is drawn, times those served of those drawn in the city.
--   share 0.2, 10 drawn in a city, room for 5 -> probability 0.1
with
passed as (
    select
        campaign_sampled.place,
        campaign_sampled.customer_id,
        campaign_case.strategy_number,
        campaign_case.sample_share,
        campaign_case.city_number,
        campaign_case.cost
    from campaign_sampled
    join campaign_case on campaign_sampled.place = campaign_case.place
    where campaign_case.arm_code = 'offered'
        and campaign_sampled.sampled_mask >> campaign_case.strategy_number & 1 = 1
    qualify row_number() over (partition by campaign_sampled.place order by campaign_case.strategy_number) = 1
),
numbered as (select *, md5_number_lower($draw_salt || customer_id) as lot from passed),
queued as (
    select
        *,
        row_number() over (partition by strategy_number, city_number order by lot, place) as of_city,
        sum(cost) over (partition by strategy_number, city_number order by lot, place rows unbounded preceding)
            as of_budget
    from numbered
),
seated as (
    select
        queued.*,
        campaign_free.total,
        coalesce(of_city <= campaign_free.seats, true) and coalesce(of_budget <= campaign_free.budget, true)
            as is_seated
    from queued
    join campaign_free
        on queued.strategy_number = campaign_free.strategy_number and queued.city_number = campaign_free.city_number
),
centred as (
    select
        *,
        count(*) filter (where is_seated) over (
            partition by strategy_number order by lot, place rows unbounded preceding
        ) as of_centre
    from seated
),
served as (select *, is_seated and coalesce(of_centre <= total, true) as is_served from centred),
final as (
    select
        place,
        strategy_number,
        city_number,
        cost,
        is_served,
        sample_share * count(*) filter (where is_served) over (partition by strategy_number, city_number)
            / count(*) over (partition by strategy_number, city_number) as sample_probability
    from served
)
select * from final
