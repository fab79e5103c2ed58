-- Surveys that people answered about contacts and tickets, before any repair. Silence leaves no row: only replies
-- arrive.
create or replace temp table first_survey as
with
consenting as (
    select number, has_survey_consent from person
),
hang_up as (
    select
        'S' || contact_id[2:] || 'H' as survey_id,
        customer_id, number, mix(h, 'hang_up') as s, 'contact' as about_kind_code, contact_id as about_id,
        'hang_up' as purpose_code,
        date_trunc('second', ended_at) + to_seconds(90) as sent_at,
        9.3 - 1.3 * abs(normal(h, 'taste'))
            - case when is_dropped then 3.0 else 0 end
                - case when queue_seconds > 180 then 2.5 when queue_seconds > 60 then 1.0 else 0 end
            - case when is_resolved then 0 else 3.0 end - case when is_poor_attitude then 4.0 else 0 end
                - case when has_grumble then 1.2 else 0 end as feeling,
        null::boolean as is_solved
    from inbound_contact
    join consenting using (number)
    where has_survey_consent and not is_anonymous and is_answered and not is_silent_line and draw(h, 'surveyed') < 0.05
),
complex_question as (
    select
        'S' || contact_id[2:] || 'Q' as survey_id,
        customer_id, number, mix(h, 'complex') as s, 'contact' as about_kind_code, contact_id as about_id,
        'complex_question' as purpose_code,
        date_trunc('second', ended_at) + to_seconds(120) as sent_at,
        null::double as feeling,
        draw(h, 'complex_solved') < case when is_resolved then 0.55 else 0.05 end as is_solved
    from inbound_contact
    join consenting using (number)
    where has_survey_consent and not is_anonymous and is_answered and is_complex and not is_dropped
        and not is_silent_line
        and draw(h, 'surveyed') >= 0.05 and draw(h, 'asked') < 0.5 * 0.165
),
archived as (
    select
        'S' || ticket_id[2:] || 'T' as survey_id,
        customer_id, number, mix(planned_ticket.h, 'archived') as s, 'ticket' as about_kind_code, ticket_id as about_id,
        'second_follow_up' as purpose_code,
        first_closed_at + to_seconds(600) as sent_at,
        case when draw(planned_ticket.h, 'rates') < 0.25
            then 8.6 - 2.0 * abs(normal(planned_ticket.h, 'taste'))
            - case when is_solved then 0 else 2.5 end end as feeling,
        draw(planned_ticket.h, 'says') < case when is_solved then 0.90 else 0.20 end as is_solved
    from planned_ticket
    join consenting using (number)
    where has_survey_consent and customer_id is not null
        and draw(planned_ticket.h, 'replies') < case when kind_code = 'complaint' then 0.55 else 0.32 end
),
campaign as (
    select
        'S' || contact_id[2:] || 'P' as survey_id,
        customer_id, number, mix(h, 'campaign') as s, 'campaign' as about_kind_code,
        'campaign-' || strftime(started_at, '%Y%m') as about_id, 'hang_up' as purpose_code,
        started_at + to_days(2) as sent_at,
        8.0 - 2.5 * abs(normal(h, 'campaign_taste')) as feeling,
        null::boolean as is_solved
    from inbound_contact
    join consenting using (number)
    where has_survey_consent and not is_anonymous and draw(h, 'campaign') < 0.004
),
asked as (
    select * from hang_up
    union all by name
    select * from complex_question
    union all by name
    select * from archived
    union all by name
    select * from campaign
),
scaled as (
    select
        *,
        -- The app asks for five stars, the SMS for nought to ten.
        case when feeling is null then null when draw(s, 'scale') < 0.25 then 5 else 10 end as score_scale,
        greatest(0, least(10, round(feeling)))::integer as tenth
    from asked
),
final as (
    select
        survey_id, customer_id, about_kind_code, about_id, purpose_code,
        sent_at,
        sent_at + to_seconds(30 + floor(waiting(s, 'answer', 7200.0))::integer) as replied_at,
        case
            when is_solved then case when draw(s, 'words') < 0.7 then '1' else '解决了，谢谢' end
            when not is_solved then case when draw(s, 'words') < 0.7 then '7' else '没解决' end
            else case when score_scale = 5 then greatest(1, ceil(tenth / 2.0))::integer else tenth end::varchar
        end as reply_text,
        case score_scale when 5 then greatest(1, ceil(tenth / 2.0))::integer when 10 then tenth end as score,
        score_scale,
        is_solved,
        number, s as h
    from scaled
)
select * from final
