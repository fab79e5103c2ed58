-- model: page_customer_month
-- grain: one customer of the month with damage or an open matter
-- inputs: month_row, story_entry, story_contact, story_ticket, story_survey, story_warning
-- share: customer_id
-- params: month
-- The month of a customer as one row: what the score is made of, and what happened, in order of time. A row whose
-- digest is another one has changed.
with
entry as (
    select customer_id, list({
        'at': posted_at, 'kind': entry_kind_code, 'indicator': indicator_id, 'rule': rule_version,
        'subject_kind': subject_kind_code, 'subject': subject_id, 'cause': cause_id, 'incident': incident_id,
        'points': points
    } order by posted_at, subject_id, entry_kind_code = 'debit' desc, indicator_id, cause_id) as entries
    from story_entry
    group by customer_id
),
contact as (
    select customer_id, list({
        'at': started_at, 'id': contact_id, 'direction': direction_code, 'touchpoint': touchpoint_code,
        'topic': topic_code, 'outcome': outcome, 'resolved': is_resolved, 'is_grumble': is_grumble,
        'grumble': grumble_type_code, 'grumble_solved': is_grumble_solved
    } order by started_at, contact_id) as contacts
    from story_contact
    group by customer_id
),
ticket as (
    select customer_id, list({
        'at': opened_at, 'id': ticket_id, 'kind': kind_code, 'tier': tier, 'topic': topic_code, 'promised': promised_at,
        'suspended': suspended_until, 'resolved_at': resolved_at, 'closed': closed_at, 'resolved': is_resolved,
        'department': department_code, 'reopened': reopen_count, 'escalated': is_escalated
    } order by opened_at, ticket_id) as tickets,
    bool_or(closed_at is null) as has_open_ticket
    from story_ticket
    group by customer_id
),
survey as (
    select customer_id, list({
        'at': replied_at, 'id': survey_id, 'purpose': purpose_code, 'about_kind': about_kind_code, 'about': about_id,
        'score': score, 'scale': score_scale, 'solved': is_solved
    } order by replied_at, survey_id) as surveys
    from story_survey
    group by customer_id
),
warned as (
    select customer_id, list({
        'from': first_warned_on, 'to': last_warned_on, 'level': level, 'p7': round(probability_7_days, 4),
        'p30': round(probability_30_days, 4), 'department': department_code, 'owner': owner_id,
        'grumble': grumble_type_code, 'strategy_en': strategy_en, 'strategy_zh': strategy_zh,
        'reasons_en': reasons_en, 'reasons_zh': reasons_zh
    } order by first_warned_on) as warnings
    from story_warning
    group by customer_id
),
told as (
    select
        month_row.customer_id, month_row.level, month_row.score, month_row.segment_code,
        month_row.lifecycle_stage_code, month_row.city_code, month_row.is_explicit, month_row.has_left,
        month_row.is_closed,
        cast(to_json({
            'carry_over': month_row.carry_over_points, 'damage': month_row.damage_points,
            'repair': month_row.repair_points, 'peak': month_row.peak_points, 'end': month_row.end_points,
            'contacts': month_row.contact_count, 'incidents': month_row.incident_count,
            'explicit_grade': month_row.explicit_grade, 'escalated': month_row.is_escalated,
            'consolidation': month_row.is_in_consolidation, 'last_known': month_row.is_last_known,
            'entries': entries, 'contact_list': contacts, 'tickets': tickets, 'surveys': surveys, 'warnings': warnings
        }) as varchar) as content
    from month_row
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
        ) as digest
    from told
)
select * from final
