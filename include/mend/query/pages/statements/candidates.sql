-- statement: candidates_published
-- Whether the candidates of a list are published: a version never changes.
select list_id from page_candidate_pattern where list_id = :list_id limit 1

-- statement: forget_candidates
-- Candidates of months before the last ones that are kept.
delete from page_candidate
where month not in (select distinct month from page_candidate order by month desc limit :kept)

-- statement: forget_candidate_patterns
-- Patterns of lists that have no candidates any more.
delete from page_candidate_pattern
where not exists (select from page_candidate where page_candidate.list_id = page_candidate_pattern.list_id)

-- statement: candidate
-- A candidate of a list, under the id by which the person goes.
select
    page_candidate.list_id, page_candidate.customer_id, place, level, score, city_code, outcome_code,
    is_universal_hold_out, listed, page_candidate_pattern.content as pattern
from page_candidate
join page_candidate_pattern using (list_id, pattern_number)
where page_candidate.list_id = :list_id and page_candidate.customer_id = coalesce(
    (select person_id from customer_person where customer_person.customer_id = cast(:customer_id as text)),
    cast(:customer_id as text)
)
