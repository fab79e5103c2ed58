-- model: cut_key
-- grain: one place in the order of grumbles
-- inputs: weighed
-- How many open grumbles of the nights stand at each place: most points first, of equal points the older, of equal age
-- the more strongly associated with complaints.
select points, age_days, coalesce(association_coefficient, -1000.0) as coefficient, count(*) as grumbles
from weighed
group by all
order by points desc, age_days desc, coefficient desc
