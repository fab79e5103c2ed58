-- model: campaign_frozen
-- grain: one candidate
-- inputs: campaign_base, campaign_withheld, campaign_contact, campaign_earlier
-- All that a list is made from, with what the contact rules, the hold-out and earlier lists say.
select
    campaign_base.*,
    campaign_withheld.withheld_mask,
    coalesce(campaign_contact.contact_mask, 0) as contact_mask,
    coalesce(campaign_earlier.listed_mask, 0) as earlier_mask,
    coalesce(campaign_earlier.capped_mask, 0) as capped_mask
from campaign_base
join campaign_withheld on campaign_base.place = campaign_withheld.place
left join campaign_contact on campaign_base.customer_id = campaign_contact.customer_id
left join campaign_earlier on campaign_base.customer_id = campaign_earlier.customer_id
