-- The triggers of every rule version, for one transaction.
create temp table if not exists trigger_rule (
    place integer, trigger_code text, valid_from date, valid_before date, purpose_code text,
    kind_codes text[], topic_codes text[], ticket_kind_codes text[], outcome_codes text[], city_codes text[],
    delay interval, latest interval, valid_for interval, threshold bigint,
    consent_code text, is_promised boolean, needs_consent boolean, questionnaire_code text, text_en text, text_zh text
) on commit drop
