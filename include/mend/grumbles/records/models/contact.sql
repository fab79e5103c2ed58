-- model: contact
-- grain: one contact to read
-- inputs: contact_file, read_day, changed
-- share: customer_id
-- The contacts of days that are read wholly, and those whose rows came. The others are on record as they were read.
select *
from contact_file
where started_on in (select day from read_day)
    or contact_id in (select subject_id from changed where kind_code = 'contact')
