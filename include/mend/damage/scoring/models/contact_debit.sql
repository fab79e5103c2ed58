-- model: contact_debit
-- grain: one indicator of one contact
-- inputs: contact_hit, hit_pattern
-- share: customer_id
-- The debits of contacts with the moment at which each is decided. A higher-scoring member of a family that is decided
-- later than a lower one is posted with the difference; a lower or equal one that is decided later is not posted.
-- AGT-01 (3 points) at 10:00 and AGT-03 (4 points) at 10:31: 3 and 1.
with
entry as (
    select
        contact_hit.contact_number, contact_hit.incident_number, contact_hit.started_on,
        hit_pattern.rule_number, hit_pattern.family, hit_pattern.points, hit_pattern.is_contested, hit_pattern.is_late,
        case
            when not hit_pattern.is_late then contact_hit.started_us
            when hit_pattern.after_us is null then contact_hit.agent_call_us
            when hit_pattern.is_from_end
                then contact_hit.started_us + contact_hit.contact_seconds * 1000000 + hit_pattern.after_us
            else contact_hit.started_us + hit_pattern.after_us
        end as posted_us
    from contact_hit join hit_pattern on contact_hit.bits = hit_pattern.bits
),
contested as (
    select
        * replace (
            points - coalesce(
                max(points) over (
                    partition by contact_number, family order by posted_us, points desc, rule_number
                    rows between unbounded preceding and 1 preceding
                ), 0
            ) as points
        )
    from entry
    where is_contested
),
settled as (
    select * from entry where not is_contested
    union all
    select * from contested where points > 0
),
final as (
    select
        contact_number, incident_number, rule_number, points, posted_us,
        case when is_late then cast(make_timestamptz(posted_us) as date) else started_on end as posted_on,
        is_late and cast(make_timestamptz(posted_us) as date) <> started_on as is_apart
    from settled
)
select * from final
