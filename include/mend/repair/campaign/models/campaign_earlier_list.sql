-- model: campaign_earlier_list
-- grain: one row of an earlier list
-- inputs: list_file, earlier_version
-- Of each earlier month the version that counts.
select list_file.customer_id, list_file.channel_code, list_file.is_entitlement, list_file.planned_on,
    list_file.valid_until
from list_file
join earlier_version on list_file.month = earlier_version.month and list_file.version = earlier_version.version
