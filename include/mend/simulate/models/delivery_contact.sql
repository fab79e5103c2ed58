-- Contacts as they are delivered, once each, when they have ended (a call over midnight belongs to the day it began).
with
together as (
    select * from inbound_contact
    union all by name
    select * from outbound_contact
),
final as (
    select
        $columns,
        least(date_trunc('second', ended_at), date_trunc('day', started_at) + to_seconds(86399)) as updated_at,
        true as is_latest
    from together
)
select * from final
