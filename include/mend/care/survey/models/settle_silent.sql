-- Surveys that nobody answered in time.
update survey
set state_code = 'silent'
where state_code = 'sent' and valid_until < :at
