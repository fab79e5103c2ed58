-- model: night_digest
-- grain: one night that has a list
-- inputs: capacity_night
-- The digest of each night's list, and of the lists that it was made from.
select day_on, any_value(list_digest) as list_digest, any_value(derived_from) as derived_from from capacity_night
    group by day_on
