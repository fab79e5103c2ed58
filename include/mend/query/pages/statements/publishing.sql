-- statement: one_at_a_time
-- Nights and months publish one after the other.
select pg_advisory_xact_lock(hashtext('pages'))

-- statement: staged_keys
-- The keys of a part's rows that are gone.
create temp table staged_key (key_text varchar primary key) on commit drop

-- statement: published_parts
-- The parts of a table that were published by the models of now.
select part_code from page_publication where table_code = :table and shape_digest = :shape

-- statement: stories
select count(*) from page_customer_month where month = :month

-- statement: note
-- What was published of a part.
insert into page_publication (table_code, part_code, through_on, row_count, changed_count, shape_digest, published_at)
values (:table, :part, :through, :rows, :changed, :shape, now())
on conflict (table_code, part_code) do update set
    through_on = excluded.through_on, row_count = excluded.row_count, changed_count = excluded.changed_count,
    shape_digest = excluded.shape_digest,
    published_at = excluded.published_at

-- statement: forget_stories
delete from page_customer_month where month < :month

-- statement: forget_counts
delete from page_damage_count where month < :month

-- statement: forget_arrivals
delete from page_source_day where arrived_on < :day

-- statement: forget_notes
-- Notes of parts that are gone. (A part is a month, a day, or all.)
delete from page_publication where part_code < :month
