-- One trigger.
insert into trigger_rule values (
    :place, :trigger, :valid_from, :valid_before, :purpose,
    cast(:kind_code as text[]), cast(:topic_code as text[]), cast(:ticket_kind_code as text[]), cast(:outcome_code as text[]),
    cast(:city_code as text[]), :delay, :latest, :valid_for, :threshold,
    :consent, :promised, :needs_consent, :questionnaire, :text_en, :text_zh
)
