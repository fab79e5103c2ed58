-- What happens in each planned contact: the menu, the line, the queue, the agent. All columns of the contract, and a
-- few for what follows from it.
with
placed as (
    select
        planned_contact.*,
        person.customer_id, person.city_code, person.impatience, person.birth_year, person.h as person_h,
        person.self_service_least, person.self_service_factor, person.grumbles, person.grumbles_more, person.anger,
        person.files, person.escalates,
        topic_setting.* exclude (topic_code),
        city_setting.center_code as home_center,
        load_setting.load,
        outage.hour_at is not null and planned_contact.touchpoint_code = 'hotline' as is_outage,
        planned_contact.touchpoint_code = 'hotline' as is_call,
        world.agents,
        ivr_node_setting.node_code,
        coalesce(node_fault.factor, 1.0) as node_factor, node_fault.number as node_fault_number,
        coalesce(queue_fault.factor, 1.0) as seats_share, queue_fault.number as queue_fault_number,
        coalesce(other_fault.factor, 1.0) as other_seats_share
    from planned_contact
    cross join world
    join person using (number)
    join topic_setting using (topic_code)
    join city_setting using (city_code)
    join load_setting
        on load_setting.hour = hour(planned_contact.started_at)
            and load_setting.weekday = isodow(planned_contact.started_at) - 1
    left join outage on outage.city_code = person.city_code
        and outage.hour_at = date_trunc('hour', planned_contact.started_at)
    join ivr_node_setting on ivr_node_setting.topic_code = planned_contact.topic_code
    left join fault_setting as node_fault on node_fault.what = 'ivr_node'
        and node_fault.code = ivr_node_setting.node_code
        and planned_contact.started_at >= node_fault.from_at and planned_contact.started_at < node_fault.until_at
    -- Seats are those of the hotline: chats in app and web have agents of their own.
    left join fault_setting as queue_fault on queue_fault.what = 'queue'
        and planned_contact.touchpoint_code = 'hotline'
        and queue_fault.code = city_setting.center_code
        and planned_contact.started_at >= queue_fault.from_at and planned_contact.started_at < queue_fault.until_at
    left join fault_setting as other_fault on other_fault.what = 'queue'
        and planned_contact.touchpoint_code = 'hotline'
        and other_fault.code <> city_setting.center_code
        and planned_contact.started_at >= other_fault.from_at and planned_contact.started_at < other_fault.until_at
    where planned_contact.started_at < world.horizon and planned_contact.started_at >= person.joined_on
),
door as (
    select
        *,
        is_call and purpose <> 'dial' and draw(h, 'door') < 0.004 * trouble + 0.02 * greatest(0, load - 0.95)
            + case when is_outage then 0.30 else 0 end
                + case when is_congested then 0.55 else 0 end as is_refused_at_door,
        is_call and purpose in ('first', 'repeat')
            and draw(h, 'self')
            < greatest(self_service_share * self_service_factor, self_service_least) as is_self_tried,
        -- One caller in seventy withholds the number: nobody knows who it was.
        draw(h, 'anonymous') < 0.014 as is_anonymous
    from placed
),
menu as (
    select
        *,
        is_call and not is_refused_at_door as has_menu,
        is_call and not is_refused_at_door
            and draw(h, 'fault') < least(0.9, 0.004 * trouble + case when is_outage then 0.25 else 0 end) as is_fault,
        case when is_self_tried then case when draw(h, 'kind') < 0.62 then 'query' else 'transaction' end end
            as tried_kind
    from door
),
served as (
    select
        *,
        case
            when not has_menu then null
            when tried_kind is null then 'none'
            when is_fault or draw(h, 'failed') < least(0.8, 1.25 * self_failed_share * trouble * node_factor)
                then 'failed'
            when draw(h, 'reached') < 0.96 then 'completed'
            else 'none'
        end as result,
        has_menu and tried_kind is not null and not is_fault
            and draw(h, 'failed') >= least(0.8, 1.25 * self_failed_share * trouble)
            and draw(h, 'failed') < least(0.8, 1.25 * self_failed_share * trouble * node_factor) as is_node_hurt
    from menu
),
asked as (
    select
        *,
        has_menu and purpose <> 'dial' and draw(h, 'asks') < case
            when purpose in ('redial', 'complaint') then 0.975
            when result = 'failed' then 0.72
            when result = 'completed' then 0.10
            else 0.92
        end as asks_agent
    from served
),
line as (
    select
        *,
        asks_agent and draw(h, 'blocked') < 0.008 * trouble as is_blocked,
        is_refused_at_door
            or (asks_agent and draw(h, 'blocked') >= 0.008 * trouble
            and draw(h, 'line') < 0.003 + 0.012 * greatest(0, load - 0.95) + case when is_outage then 0.18 else 0 end)
            as is_line_busy
    from asked
),
queued as (
    select
        *,
        not is_line_busy and not is_blocked and (asks_agent or (not is_call and draw(h, 'chat') < 0.7)) as is_queued,
        -- At quiet hours an agent is free at once; the fuller the hour, the longer the wait.
        -- Without seats nobody is free, and no wait is long enough.
        case
            when draw(h, 'free') > 1
                - seats_share * (1 - least(0.95, 0.42 * load + case when is_outage then 0.4 else 0 end))
                then floor(draw(h, 'pickup') * 8)
            else waiting(h, 'wait', 22.0 + 62.0 * load * load + case when is_outage then 220.0 else 0 end)
                / greatest(seats_share, 0.000001)
        end as offered_wait,
        case
            when draw(h, 'free') > least(0.95, 0.42 * load + case when is_outage then 0.4 else 0 end)
                then floor(draw(h, 'pickup') * 8)
            else waiting(h, 'wait', 22.0 + 62.0 * load * load + case when is_outage then 220.0 else 0 end)
        end as usual_wait,
        waiting(h, 'patience', 300.0 / impatience) as patience_seconds
    from line
),
waited as (
    select
        *,
        is_queued and offered_wait > patience_seconds as gives_up,
        is_queued and offered_wait <= patience_seconds as is_served,
        case
            when not is_queued then null
            when offered_wait > patience_seconds then snap(least(patience_seconds, 3600)::integer, 10, h, 'wait_edge')
            when draw(h, 'wait_edge') < 0.015 then snap(offered_wait::integer, 60, h, 'wait_edge')
            else snap(offered_wait::integer, 180, h, 'long_edge')
        end as wait_seconds
    from queued
),
staffed as (
    select
        *,
        case
            when not is_served then null
            -- One call in seven goes over to the other centre, as long as that has seats.
            when draw(h, 'overflow') < 0.14 and other_seats_share > 0
                then case home_center when 'north' then 'south' else 'north' end
            else home_center
        end as served_center,
        floor(draw(h, 'agent') * agents)::integer as agent_number
    from waited
),
grouped as (
    select
        staffed.*,
        mix(hash(agent_number), 'agent') as agent_h,
        'team_' || (1 + floor(draw(mix(hash(agent_number), 'agent'), 'group') * world.agent_groups)::integer)
            as group_code
    from staffed
    cross join world
),
teamed as (
    select
        grouped.*,
        least(0.8, 0.009 * sqrt(trouble) * coalesce(group_fault.factor, 1.0)) as dropped_share,
        group_fault.number as group_fault_number
    from grouped
    left join fault_setting as group_fault on group_fault.what = 'agent_group'
        and group_fault.code = grouped.group_code
        and grouped.started_at >= group_fault.from_at and grouped.started_at < group_fault.until_at
),
handled as (
    select
        *,
        is_served and draw(h, 'dropped') < dropped_share as is_cut,
        is_served and draw(h, 'dropped') >= dropped_share and draw(h, 'silent') < 0.007 as is_mute,
        case
            when not is_served or draw(h, 'hold') >= 0.20 then 0
            else snap(ceil(waiting(h, 'held', 46.0))::integer, 120, h, 'hold_edge')
        end as held_seconds
    from teamed
),
talked as (
    select
        *,
        case
            when not is_served then null
            when is_mute then 4 + floor(draw(h, 'mute') * 20)::integer
            else greatest(8,
                floor(median_talk * exp(0.42 * normal(h, 'talk') + 0.12 * normal(agent_h, 'pace'))
                * case when is_cut then draw(h, 'cut') else 1 end))::integer
        end as spoken_seconds,
        case
            when not is_served then null
            when is_cut or is_mute then case when draw(h, 'unsaid') < 0.4 then false end
            else draw(h, 'resolved') < resolved_share - 0.04 * normal(agent_h, 'skill') - 0.02 * (trouble - 1)
        end as need_met,
        is_served and not is_cut and not is_mute and draw(h, 'inspected') < 0.30 as is_inspected
    from handled
),
judged as (
    select
        *,
        case when is_inspected
            then draw(h, 'attitude') < greatest(0.0005, 0.011 + 0.008 * normal(agent_h, 'manner')) end as was_blunt,
        case when is_inspected
            then draw(h, 'answer') < greatest(0.0005, 0.014 + 0.008 * normal(agent_h, 'knowledge')) end as was_wrong
    from talked
),
grumbled as (
    select
        *,
        is_served and not is_cut and not is_mute and (
            purpose = 'complaint'
            or coalesce(was_blunt, false)
            or draw(h, 'grumbles') < (grumble_share * 0.8 * (0.6 + 0.4 * impatience)
                + case when wait_seconds > 60 then 0.08 else 0 end + case when need_met then 0 else 0.12 end)
                * grumbles + grumbles_more
        ) as has_grumble
    from judged
),
typed as (
    select
        *,
        case
            when not has_grumble then null
            when was_blunt then 'service_attitude'
            when wait_seconds > 60 and draw(h, 'about_wait') < 0.5 then 'service_response'
            when draw(h, 'about') < 0.82 then usual_grumble_code
            else ['network_coverage', 'call_quality', 'tariff_billing', 'service_response', 'service_attitude',
                'marketing',
                'information_security', 'own_value_added',
                'partner_services'][1 + floor(draw(h, 'about2') * 9)::integer]
        end as grumble_code
    from grumbled
),
-- The point within the grumble's area, and which phrases the note is made of: a point's, the vague ones, or those of a
-- calm contact.
pointed as (
    select
        *,
        case
            when has_grumble then list_extract(
                getvariable('point_choice'),
                ((list_position(getvariable('note_topics'), topic_code) - 1) * len(getvariable('note_areas'))
                    + list_position(getvariable('note_areas'), grumble_code) - 1) * point_slots() + 1
                        + floor(draw(h, 'point') * point_slots())::integer
            )
        end as point_number,
        case
            when has_grumble
                then case when draw(h, 'vague') < share_vague() then len(getvariable('note_points')) + 1 end
            when is_served and not is_cut and not is_mute and draw(h, 'calm_note') < share_calm_noted()
                then len(getvariable('note_points')) + 2
        end as other_phrases,
        has_grumble and draw(h, 'coded') < share_coded() as is_coded,
        has_grumble and draw(h, 'noted') < share_noted() as is_noted,
        floor(draw(h, 'phrase') * phrase_slots())::integer as phrase_number
    from typed
),
measured as (
    select
        *,
        case
            when not has_menu then null
            when purpose = 'dial' then 15 + floor(draw(h, 'ivr') * 20)::integer
            when tried_kind is null then 12 + floor(waiting(h, 'ivr', 22.0 * sqrt(trouble)))::integer
            else snap(30 + floor(waiting(h, 'ivr', 42.0 * sqrt(trouble)))::integer, 180, h, 'ivr_edge')
        end as menu_seconds,
        has_menu and not asks_agent and result <> 'completed' as quits_menu
    from pointed
),
noted as (
    select
        *,
        not has_grumble and other_phrases is not null as is_calm_note,
        list_extract(getvariable('note_points'), point_number) as point_code,
        case
            when has_grumble
                then case when is_english(phrase_number) then one_of_openers_en(h) else one_of_openers_zh(h) end
                || filled(list_extract(getvariable('phrases'),
                    (coalesce(other_phrases, point_number) - 1) * phrase_slots() + 1 + phrase_number), h)
                || case when is_english(phrase_number) then one_of_closers_en(h) else one_of_closers_zh(h) end
            when other_phrases is not null
                then filled(list_extract(getvariable('phrases'),
                (other_phrases - 1) * phrase_slots() + 1 + phrase_number), h)
        end as said_text
    from measured
),
final as (
    select
        chain_id || step as contact_id,
        case when not is_anonymous then customer_id end as customer_id,
        started_at,
        'inbound' as direction_code,
        touchpoint_code,
        -- Nobody knows what a caller wanted who reached neither a function nor an agent, or who is not known.
        case when not is_anonymous and (is_served or tried_kind is not null or purpose = 'dial')
            and not is_refused_at_door then topic_code end as topic_code,
        case
            when is_line_busy then 'refused'
            when is_served and is_mute and draw(h, 'phantom') < 0.5 then 'phantom'
            when is_served then 'answered'
            when result = 'completed' or (not is_call and not is_queued) then 'self_served'
            else 'hung_up'
        end as outcome,
        menu_seconds as ivr_seconds,
        case when has_menu then 1 + floor(waiting(h, 'depth', 1.15 * sqrt(trouble)))::integer end as ivr_depth,
        case when has_menu then tried_kind end as ivr_kind_code,
        result as ivr_result_code,
        case when has_menu then case when tried_kind is null then 'main_menu' else node_code end end as ivr_node_code,
        case when has_menu
            then case when tried_kind = 'transaction'
            then least(4, floor(waiting(h, 'verify', 0.55 * trouble))::integer)
            else 0 end end as failed_verification_count,
        case when has_menu
            then least(6, floor(waiting(h, 'keys', 0.55 * sqrt(trouble)))::integer) end as invalid_key_count,
        case when has_menu
            then least(5,
            floor(waiting(h, 'timeouts',
            case when birth_year < 1965 then 0.65 else 0.42 end * sqrt(trouble)))::integer) end as timeout_count,
        case when has_menu
            then 1 + least(5, floor(waiting(h, 'visits', 0.42 * sqrt(trouble)))::integer) end as node_visit_max_count,
        case when is_call then asks_agent end as is_agent_requested,
        case when is_call then quits_menu end as is_hung_up_in_menu,
        case when is_call then is_fault end as is_system_fault,
        case when is_call then is_line_busy else false end as is_refused,
        wait_seconds as queue_seconds,
        gives_up as is_abandoned,
        is_served as is_answered,
        case when is_served then 'A' || lpad(agent_number::varchar, 5, '0') end as agent_id,
        case when is_served then group_code end as agent_group_code,
        coalesce(served_center, home_center) as center_code,
        spoken_seconds as talk_seconds,
        case when is_served then held_seconds end as hold_seconds,
        case when is_served
            then case when draw(h, 'transfer') < 0.020 then 2 + floor(draw(h, 'transfer') * 100)::integer
            when draw(h, 'transfer') < 0.09 then 1 else 0 end end as transfer_count,
        case when is_served then is_cut end as is_dropped,
        case when is_served then is_mute end as is_silent_line,
        need_met as is_resolved,
        was_blunt as is_poor_attitude,
        was_wrong as is_wrong_answer,
        case when is_coded
            then case when draw(h, 'area_alone') < share_area_alone() then grumble_code
            else point_code end end as grumble_type_code,
        case
            when not is_served or is_mute then null
            when is_noted and not is_coded and draw(h, 'moodless') < share_without_mood() then null
            when is_calm_note and draw(h, 'moodless') < share_calm_without_mood() then null
            when not has_grumble then 'calm'
            when draw(h, 'mood') < 0.2 * impatience * anger then 'angry'
            else 'annoyed'
        end as mood_code,
        case when has_grumble then draw(h, 'fault_of') < 0.5 end as is_company_at_fault,
        case when is_noted or is_calm_note then said_text end as note_text,
        number, chain_id, step, h, topic_code as wanted_topic_code, purpose, trouble, is_congested, impatience,
        files, escalates,
        person_h, is_anonymous, has_grumble, point_code, said_text, other_phrases,
        coalesce(complaint_share, 0.0) as complaint_share,
        department_code, is_complex, city_code,
        case
            when is_node_hurt then node_fault_number
            when is_queued and (usual_wait <= patience_seconds) <> is_served then queue_fault_number
            when is_cut and draw(h, 'dropped') >= 0.009 * sqrt(trouble) then group_fault_number
        end as fault_number,
        started_at + to_seconds(coalesce(menu_seconds, 0) + coalesce(wait_seconds, 0) + coalesce(spoken_seconds, 0)
            + case when is_served then held_seconds else 0 end) as ended_at
    from noted
    left join grumble_setting on grumble_setting.grumble_type_code = noted.grumble_code
)
select * from final
