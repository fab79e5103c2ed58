-- model: campaign_experience
-- grain: one candidate
-- inputs: campaign_feature
-- fills: experience_number
-- What happened to them, as the number of the first of the stated experiences that fits; the last one always fits.
select place, {experience_number} as experience_number from campaign_feature
