-- Callers who could not connect and pressed # to be called back. The plan goes on past the horizon; what is known by
-- then is cut later.
create or replace temp table planned_booking as
with
failed as (
    select *, mix(h, 'booking') as b
    from inbound_contact
    where not is_anonymous
        and (is_refused or is_abandoned or (is_agent_requested and queue_seconds is null and not is_answered))
        and draw(h, 'books') < 0.18
),
requested as (
    select
        *,
        case
            when draw(b, 'request_edge') < 0.03 then started_at
            else started_at
                + to_seconds(snap(date_diff('second', started_at, ended_at) + 1
                + floor(draw(b, 'request') * 60)::integer, 86400, b, 'day_edge'))
        end as requested_at
    from failed
),
called as (
    select
        *,
        case
            when draw(b, 'called') < 0.68
                then requested_at
                + to_seconds(snap(900 + floor(draw(b, 'pace') * 84000)::integer, 86400, b, 'call_edge'))
            when draw(b, 'called') < 0.86
                then requested_at + to_seconds(86402 + floor(draw(b, 'pace') * 170000)::integer)
        end as called_back_at
    from requested
),
final as (
    select
        'B' || contact_id[2:] as booking_id,
        customer_id,
        case when draw(b, 'linked') < 0.96 then contact_id end as contact_id,
        requested_at,
        called_back_at,
        case when called_back_at is not null then draw(b, 'reached') < 0.80 end as is_reached,
        contact_id as cause_contact_id,
        number, b as h, city_code
    from called
)
select * from final
