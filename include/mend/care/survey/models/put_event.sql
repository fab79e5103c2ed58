-- The events that are not known yet.
insert into service_event ({columns})
select {columns} from event_row
on conflict do nothing
