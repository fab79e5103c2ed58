-- model: explicit_entry
-- grain: one debit that says what the customer said
-- inputs: posted_year, indicator_word
-- Debits of explicit indicators of the year, with their grade.
select
    posted_year.customer_id,
    posted_year.subject_kind_code,
    posted_year.subject_id,
    posted_year.cause_id,
    posted_year.posted_at,
    indicator_word.grade
from posted_year
join indicator_word
    on posted_year.rule_version = indicator_word.rule_version and posted_year.indicator_id = indicator_word.indicator_id
where posted_year.entry_kind_code = 'debit' and indicator_word.is_explicit
