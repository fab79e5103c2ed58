-- model: campaign_hit
-- grain: one customer with damage in the month
-- inputs: campaign_entry, indicator_bit
-- share: customer_id
-- params: reasons
-- Which indicators hit, as bits, and those that cost most, each packed into one number: points, then the bit turned
-- round (so that of equal points the first indicator comes first), then how often.
--   indicator | bit | points | times | reason
--   AGT-08    | 3   | 10     | 2     | 10 * 1048576 + (63 - 3) * 1024 + 2
with
cost as (
    select
        campaign_entry.customer_id,
        indicator_bit.bit,
        cast(sum(campaign_entry.points) as bigint) as points,
        count(*) filter (where campaign_entry.entry_kind_code = 'debit') as times
    from campaign_entry
    join indicator_bit on campaign_entry.indicator_id = indicator_bit.indicator_id
    where campaign_entry.entry_kind_code <> 'credit'
    group by all
),
final as (
    select
        customer_id,
        bit_or(case when times > 0 then cast(1 as bigint) << bit else 0 end) as hit_mask,
        max(points * 1048576 + (63 - bit) * 1024 + least(times, 1023), $reasons) filter (where points > 0) as reasons
    from cost
    group by customer_id
)
select * from final
