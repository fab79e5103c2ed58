-- model: page_customer_month
-- grain: one touched customer of the month with damage or an open matter
-- inputs: touched, story_month, story_entry, story_contact, story_ticket, story_survey, story_warning
-- share: customer_id
-- params: month
-- The month of a customer as one row: what the score is made of, and what happened, in order of time. Lists hold values
-- without names, moments in seconds since 1970, which takes a third of the bytes; mend.query.pages.story names them. A
-- row whose digest is another one has changed.
with
entry as (
    select
        customer_id,
        list(json_array(
            epoch(posted_at)::bigint, entry_kind_code, indicator_id, rule_version, subject_kind_code, subject_id,
            cause_id, incident_id, points
        ) order by posted_at, subject_id, entry_kind_code = 'debit' desc, indicator_id, cause_id) as entries
    from story_entry
    semi join touched using (customer_id)
    group by customer_id
),
contact as (
    select
        customer_id,
        list(json_array(
            epoch(started_at)::bigint, contact_id, direction_code, touchpoint_code, topic_code, outcome, is_resolved,
            is_grumble, grumble_type_code, is_grumble_solved
        ) order by started_at, contact_id) as contacts
    from story_contact
    semi join touched using (customer_id)
    group by customer_id
),
ticket as (
    select
        customer_id,
        list(json_array(
            epoch(opened_at)::bigint, ticket_id, kind_code, tier, topic_code, epoch(promised_at)::bigint,
            epoch(suspended_until)::bigint, epoch(resolved_at)::bigint, epoch(closed_at)::bigint, is_resolved,
            department_code, reopen_count, is_escalated
        ) order by opened_at, ticket_id) as tickets,
        bool_or(closed_at is null) as has_open_ticket
    from story_ticket
    semi join touched using (customer_id)
    group by customer_id
),
survey as (
    select
        customer_id,
        list(json_array(
            epoch(replied_at)::bigint, survey_id, purpose_code, about_kind_code, about_id, score, score_scale, is_solved
        ) order by replied_at, survey_id) as surveys
    from story_survey
    semi join touched using (customer_id)
    group by customer_id
),
warned as (
    select
        customer_id,
        list(json_array(
            first_warned_on, last_warned_on, level, round(probability_7_days, 4), round(probability_30_days, 4),
            department_code, owner_id, grumble_type_code, strategy_en, strategy_zh, reasons_en, reasons_zh
        ) order by first_warned_on) as warnings
    from story_warning
    semi join touched using (customer_id)
    group by customer_id
),
told as (
    select
        month_row.customer_id, month_row.level, month_row.score, month_row.segment_code,
        month_row.lifecycle_stage_code, month_row.city_code, month_row.is_explicit, month_row.has_left,
        month_row.is_closed, month_row.row_digest,
        cast(to_json({
            'points': [
                month_row.carry_over_points, month_row.damage_points, month_row.repair_points, month_row.peak_points,
                month_row.end_points
            ],
            'exposure': [month_row.contact_count, month_row.incident_count],
            'explicit': [month_row.explicit_grade, month_row.is_escalated::integer],
            'consolidation': month_row.is_in_consolidation, 'last_known': month_row.is_last_known,
            'entries': entries, 'contacts': contacts, 'tickets': tickets, 'surveys': surveys, 'warnings': warnings
        }) as varchar) as content
    from story_month as month_row
    semi join touched on month_row.customer_id = touched.customer_id
    left join entry on month_row.customer_id = entry.customer_id
    left join contact on month_row.customer_id = contact.customer_id
    left join ticket on month_row.customer_id = ticket.customer_id
    left join survey on month_row.customer_id = survey.customer_id
    left join warned on month_row.customer_id = warned.customer_id
    where month_row.score > 0 or month_row.level > 0 or month_row.damage_points > 0 or month_row.repair_points > 0
        or month_row.explicit_grade > 0 or coalesce(has_open_ticket, false) or warnings is not null
),
final as (
    select
        $month as month,
        customer_id,
        level,
        score,
        segment_code,
        lifecycle_stage_code,
        city_code,
        is_explicit,
        has_left,
        is_closed,
        content,
        md5(
            concat_ws(
                '|', content, level, score, segment_code, lifecycle_stage_code, city_code, is_explicit, has_left,
                is_closed
            )
        ) as digest,
        row_digest
    from told
)
select * from final
