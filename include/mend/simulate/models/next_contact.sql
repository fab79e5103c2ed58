-- What each contact of this step leads to: a redial, a call about the same thing, a complaint, or nothing.
create or replace temp table planned_contact as
with
felt as (
    select
        *,
        coalesce(is_refused, false) or coalesce(is_abandoned, false)
            or (coalesce(is_agent_requested, false) and queue_seconds is null and not is_answered) as is_failed
    from step_contact
    where purpose <> 'dial' and step < 9
),
decided as (
    select
        *,
        case
            when is_failed then case when draw(h, 'again') < least(0.92, 0.68 * sqrt(impatience)) then 'redial' end
            when coalesce(is_dropped, false) or coalesce(is_silent_line, false)
                then case when draw(h, 'again') < 0.6 then 'redial' end
            when is_hung_up_in_menu then case when draw(h, 'again') < 0.20 then 'redial' end
            when ivr_result_code = 'completed' and not is_answered
                then case when draw(h, 'again') < 0.09 then 'redial' end
            when purpose = 'complaint' and is_answered then case when draw(h, 'again') < 0.32 then 'complaint' end
            when has_grumble and draw(h, 'files') < complaint_share * impatience * 0.6 * files then 'complaint'
            when is_answered and not coalesce(is_resolved, false)
                then case when draw(h, 'again') < 0.26 then 'repeat' end
            when is_answered then
                case when draw(h, 'again') < 0.004 * least(1.0, files) then 'complaint' when draw(h, 'again') < 0.022
                    then 'repeat' end
        end as next_purpose,
        is_answered or ivr_result_code = 'completed' as is_reached
    from felt
),
paced as (
    select
        *,
        case
            when next_purpose = 'redial' and is_refused and draw(h, 'double') < 0.03 then 0
            when next_purpose = 'redial' and ivr_result_code = 'completed'
                then snap(180 + floor(draw(h, 'pace') * 4600)::integer, 3600, h, 'hour_edge')
            when next_purpose = 'redial' and draw(h, 'soon') < 0.75
                then snap(20 + floor(waiting(h, 'pace', 300.0))::integer, 1800, h, 'incident_edge')
            when next_purpose = 'redial' and draw(h, 'soon') < 0.90
                then snap(1200 + floor(draw(h, 'pace') * 18000)::integer, 1800, h, 'incident_edge')
            when next_purpose = 'redial'
                then snap(68000 + floor(draw(h, 'pace') * 26000)::integer, 86400, h, 'day_edge')
            when next_purpose = 'repeat'
                then snap(floor((1 + floor(draw(h, 'pace') * 9)) * 86400 + 7200 * normal(h, 'clock'))::integer, 604800,
                h, 'week_edge')
            when purpose = 'complaint'
                then snap(floor((2 + floor(draw(h, 'pace') * 33)) * 86400 + 7200 * normal(h, 'clock'))::integer,
                2592000, h, 'complaint_edge')
            else floor((1 + floor(least(45, waiting(h, 'pace', 5.0)))) * 86400 + 7200 * normal(h, 'clock'))::integer
        end as gap_seconds
    from decided
    where next_purpose is not null
),
final as (
    select
        number,
        chain_id,
        step + 1 as step,
        mix(h, 'next') as h,
        -- Nobody redials while still on the line; the edges are meant from start to start.
        greatest(started_at + to_seconds(gap_seconds),
            case when gap_seconds = 0 then started_at else date_trunc('second', ended_at) end) as started_at,
        wanted_topic_code as topic_code,
        'hotline' as touchpoint_code,
        -- Who calls to complain still does so after a busy line.
        case when next_purpose = 'redial' and purpose = 'complaint' then 'complaint' else next_purpose end as purpose,
        trouble,
        is_congested
    from paced
)
select * from final
