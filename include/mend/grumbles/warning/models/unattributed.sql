-- model: unattributed
-- grain: the month
-- inputs: answer
-- Replies that name no customer.
select count(*) as replies from answer where is_unattributed
