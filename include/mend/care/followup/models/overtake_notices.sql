-- Notices of a replayed ticket that do not hold any more, marked with the late event that overtook them.
update follow_up_notice
set overtaken_by = :late_key
where follow_up_id = :follow_up_id and overtaken_by is null and notice_key <> all(cast(:keys as text[]))
