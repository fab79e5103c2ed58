-- How often each indicator hit in a month; what could not be measured has no figures. Inputs: measured, ledger.
with
entry as (select * from ledger where posted_on between $first_day and $last_day and entry_kind_code <> 'cap'),
hits as (
    select indicator_id, count(*) as hit_count, count(distinct customer_id) as customer_count, cast(sum(points) as bigint) as points
    from entry
    group by indicator_id
),
final as (
    select
        $month as month,
        measured.indicator_id,
        measured.is_measured,
        measured.not_measured_reason,
        case when measured.is_measured then coalesce(hits.hit_count, 0) else hits.hit_count end as hit_count,
        case when measured.is_measured then coalesce(hits.customer_count, 0) else hits.customer_count end as customer_count,
        case when measured.is_measured then coalesce(hits.points, 0) else hits.points end as points
    from measured left join hits using (indicator_id)
)
select * from final
