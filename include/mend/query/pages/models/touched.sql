-- model: touched
-- grain: one customer whose story may be another one than the one published
-- inputs: story_month, known_row, person_of_customer, person_change, posted_came, posted_gone, core_contact_came, core_contact_gone, core_ticket_came, core_ticket_gone, core_survey_reply_came, core_survey_reply_gone, grumble_came, grumble_gone, warning_night_came, warning_night_gone
-- share: customer_id
-- Rows of the month that differ, are new or are gone; and events that came or went. Files that came hold rows that
-- files which went hold, too: only rows of one side count.
with
changed_posted as (
    select customer_id
    from (
        select customer_id,
        (posted_at, entry_kind_code, indicator_id, rule_version, subject_kind_code, subject_id, cause_id, incident_id,
            points) as told, 1 as side
        from posted_came
        union all
        select customer_id,
        (posted_at, entry_kind_code, indicator_id, rule_version, subject_kind_code, subject_id, cause_id, incident_id,
            points) as told, -1 as side
        from posted_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_core_contact as (
    select customer_id
    from (
        select customer_id,
        (contact_id, started_at, direction_code, touchpoint_code, topic_code, outcome, is_resolved) as told, 1 as side
        from core_contact_came
        union all
        select customer_id,
        (contact_id, started_at, direction_code, touchpoint_code, topic_code, outcome, is_resolved) as told, -1 as side
        from core_contact_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_core_ticket as (
    select customer_id
    from (
        select customer_id,
        (ticket_id, kind_code, tier, topic_code, opened_at, promised_at, suspended_until, resolved_at, closed_at,
            is_resolved, department_code, reopen_count, is_escalated) as told, 1 as side
        from core_ticket_came
        union all
        select customer_id,
        (ticket_id, kind_code, tier, topic_code, opened_at, promised_at, suspended_until, resolved_at, closed_at,
            is_resolved, department_code, reopen_count, is_escalated) as told, -1 as side
        from core_ticket_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_core_survey_reply as (
    select customer_id
    from (
        select customer_id,
        (survey_id, replied_at, purpose_code, about_kind_code, about_id, score, score_scale, is_solved) as told, 1
            as side
        from core_survey_reply_came
        union all
        select customer_id,
        (survey_id, replied_at, purpose_code, about_kind_code, about_id, score, score_scale, is_solved) as told, -1
            as side
        from core_survey_reply_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_grumble as (
    select customer_id
    from (
        select customer_id, (source_kind_code, source_id, grumble_id, grumble_type_code, is_solved) as told, 1 as side
        from grumble_came
        union all
        select customer_id, (source_kind_code, source_id, grumble_id, grumble_type_code, is_solved) as told, -1 as side
        from grumble_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_warning_night as (
    select customer_id
    from (
        select customer_id,
        (day_on, first_warned_on, level, probability_7_days, probability_30_days, department_code, owner_id,
            grumble_type_code, strategy_en, strategy_zh, reasons_en, reasons_zh) as told, 1 as side
        from warning_night_came
        union all
        select customer_id,
        (day_on, first_warned_on, level, probability_7_days, probability_30_days, department_code, owner_id,
            grumble_type_code, strategy_en, strategy_zh, reasons_en, reasons_zh) as told, -1 as side
        from warning_night_gone
    )
    group by customer_id, told
    having sum(side) <> 0
),
changed_event as (
    select customer_id from changed_posted
    union
    select customer_id from changed_core_contact
    union
    select customer_id from changed_core_ticket
    union
    select customer_id from changed_core_survey_reply
    union
    select customer_id from changed_grumble
    union
    select customer_id from changed_warning_night
),
final as (
    select coalesce(person_of_customer.person_id, changed_event.customer_id) as customer_id
    from changed_event
    left join person_of_customer on changed_event.customer_id = person_of_customer.customer_id
    where changed_event.customer_id is not null
    union
    select customer_id from person_change
    union
    select story_month.customer_id
    from story_month
    left join known_row on story_month.customer_id = known_row.customer_id
    where case
        when known_row.customer_id is not null then known_row.row_digest is distinct from story_month.row_digest
        else story_month.score > 0 or story_month.level > 0 or story_month.damage_points > 0
            or story_month.repair_points > 0 or story_month.explicit_grade > 0
    end
    union
    select known_row.customer_id from known_row anti join story_month on known_row.customer_id = story_month.customer_id
)
select * from final
