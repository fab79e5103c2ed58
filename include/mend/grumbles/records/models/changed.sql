-- model: changed
-- grain: one contact or ticket whose row came
-- inputs: change
-- Contacts and tickets whose own rows came with this run.
select distinct record_code as kind_code, subject_id from change where record_code in ('contact', 'ticket')
