-- model: confirmation
-- grain: one contact, ticket or survey that a customer called repaired
-- inputs: reply
-- params: confirming_scale, confirming_from
-- The last time that the customer said solved, or rated it high in a re-survey.
select about_kind_code as subject_kind_code, about_id as subject_id, max(replied_at) as confirmed_at
from reply
where is_solved or (purpose_code = 'resurvey' and score_scale = $confirming_scale and score >= $confirming_from)
group by about_kind_code, about_id
