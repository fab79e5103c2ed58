-- What a file brought.
update event_file
set line_count = :lines, accepted_count = :accepted, known_count = :known, rejected_count = :rejected
where fingerprint = :fingerprint
