-- Where events wait to be put, in one transaction.
create temp table if not exists event_row (like service_event) on commit drop;
truncate event_row
