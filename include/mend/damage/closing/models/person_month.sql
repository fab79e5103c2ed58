-- model: person_month
-- grain: one customer id that became another by the month's end
-- inputs: person_of_customer
-- params: month
-- Whom the month's close took for one person.
select $month as month, * from person_of_customer
