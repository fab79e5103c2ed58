-- model: quarantine_count
-- grain: one source, record, gate, column and reason
-- inputs: quarantine
-- Rows in quarantine by their first reason. No value of a row is in it.
with
final as (
    select
        source_code, record_code, gate_code, column_name, reason_code,
        count(*) as row_count,
        count(distinct arrived_on) as day_count,
        cast(max(arrived_on) as varchar) as last_on
    from quarantine
    group by source_code, record_code, gate_code, column_name, reason_code
)
select * from final
