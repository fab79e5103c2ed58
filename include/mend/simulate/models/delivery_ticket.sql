-- Tickets: every version.
with
final as (
    select $columns, updated_at, is_latest
    from ticket_version
)
select * from final
