-- model: not_compared
-- grain: one indicator that cost points in the month and is not held against the months before
-- inputs: ledger_file, comparable
-- params: first_on, last_on
-- order: indicator_id
-- For the report: what is left out of the comparison.
select distinct indicator_id
from ledger_file
anti join comparable on ledger_file.indicator_id = comparable.indicator_id
where ledger_file.posted_on between $first_on and $last_on
    and ledger_file.subject_kind_code = 'contact'
    and ledger_file.entry_kind_code in ('debit', 'cap')
