-- model: input_count
-- grain: the month
-- inputs: input_customer, input_grumble, input_complaint
-- How many rows all shares hold together.
select
    (select count(*) from input_customer) + (select count(*) from input_grumble)
        + (select count(*) from input_complaint) as rows
