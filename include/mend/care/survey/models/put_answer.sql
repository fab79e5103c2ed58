-- The first valid answer of a survey; a second one never takes its place.
update survey
set state_code = 'answered', replied_at = :replied_at, inbound_id = :inbound_id, meaning_code = :meaning, score = cast(:score as integer),
    score_scale = cast(:scale as integer), is_solved = cast(:is_solved as boolean),
    sent_at = coalesce(sent_at, not_before)
where survey_id = :survey_id and inbound_id is null
