-- model: label_count
-- grain: one label of a kind
-- inputs: customer_consumption, customer_behaviour
-- order: kind_code, code
-- How many customers were given each label.
select 'consumption' as kind_code, code, count(*) as customers from customer_consumption group by code
union all
select 'behaviour', code, count(*) from customer_behaviour group by code
