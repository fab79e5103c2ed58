-- model: campaign_network_type
-- grain: one grumble type about the network
-- inputs: grumble_type
-- params: network_area
-- order: grumble_type_code
-- The area and its points, in whatever version of the taxonomy.
select distinct grumble_type_code
from grumble_type
where grumble_type_code = $network_area or parent_code = $network_area
