-- model: event_pattern
-- grain: one complaint type, group, day and pattern
-- inputs: event_part
-- params: window, known_from
-- First complaints of all shares, of the days whose window is within the records.
select group_no, day, pattern, complaint_no, cast(sum(events) as bigint) as events
from event_part
where window_days = $window and day >= $known_from
group by group_no, day, pattern, complaint_no
order by complaint_no, group_no, day, pattern
