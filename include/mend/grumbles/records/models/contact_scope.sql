-- Contacts whose grumbles are told anew: read again, spoken of, or on record on days that are read wholly. Inputs: changed_contact,
-- contact_new, touched, recent_grumble, whole_day.
select subject_id as contact_id from changed_contact
union
select source_id from contact_new
union
select subject_id from touched where kind_code = 'contact'
union
select source_id from recent_grumble where source_kind_code = 'contact' and grumbled_on in (select day from whole_day)
