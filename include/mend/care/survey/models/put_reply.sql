-- What a message was taken to mean.
insert into survey_reply (
    inbound_id, survey_id, received_at, read_at, match_code, meaning_code, score, standing_code, needs_person
) values (
    :inbound_id, :survey_id, :received_at, :at, :match, :meaning, cast(:score as integer), :standing, :needs_person
)
on conflict (inbound_id) do nothing
