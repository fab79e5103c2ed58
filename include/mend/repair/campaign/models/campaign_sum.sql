-- model: campaign_sum
-- grain: the list
-- inputs: campaign_list
-- Rows, entitlements over the capacity, yuan, and the expected benefit of discretionary care.
select
    count(*) as row_count,
    count(*) filter (where is_overload) as overload_count,
    coalesce(cast(sum(cost) as bigint), 0) as cost,
    coalesce(cast(sum(benefit) filter (where not is_entitlement) as bigint), 0) as benefit
from campaign_list
