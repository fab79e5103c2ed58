-- statement: quarantine_trend
-- Rows that arrived and rows in quarantine, by business date of arrival.
select
    arrived_on, sum(arrived_count) as arrived_count, sum(quarantined_count) as quarantined_count
from page_source_day
where arrived_on > :since
group by arrived_on
order by arrived_on

-- statement: quarantine_by_source
-- The same by source and record.
select
    source_code, record_code, sum(arrived_count) as arrived_count, sum(quarantined_count) as quarantined_count,
    sum(superseded_count) as superseded_count
from page_source_day
where arrived_on > :since
group by source_code, record_code
order by source_code, record_code

-- statement: last_arrival
-- The last business date of arrival that was published.
select max(arrived_on) as arrived_on from page_source_day

-- statement: broken_rules
-- Rules that batches broke, also where that stopped nothing, by source. (Of a sum that a step checks there is none.)
select
    load_batch.source_code, quality_result.record_code, rule_id, severity_code, count(*) as verdict_count,
    sum(unexpected_count) as unexpected_count, sum(element_count) as element_count,
    max(quality_result.business_date) as last_on
from quality_result
left join load_batch on quality_result.batch_number = load_batch.batch_number
where not is_passed and quality_result.business_date > :since
group by load_batch.source_code, quality_result.record_code, rule_id, severity_code
order by severity_code, unexpected_count desc, quality_result.record_code, rule_id, load_batch.source_code
limit 200

-- statement: batch_decisions
-- What people decided about batches lately.
select
    decision_code, why, decided_by, decided_at, load_batch.batch_number, source_code, record_code,
    load_batch.business_date
from batch_decision
inner join load_batch on batch_decision.batch_number = load_batch.batch_number
order by decided_at desc
limit 20
