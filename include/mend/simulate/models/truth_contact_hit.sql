-- Truth, step 2: which indicator hit which contact and when that was decided, one plain statement for each.
create or replace temp table truth_contact_hit as
with
failed as (
    select customer_id, contact_id, started_at from truth_contact where is_failed_attempt
),
from_us as (
    select customer_id, started_at as called_at
    from clean_contact
    where direction_code = 'outbound' and customer_id is not null
),
third_failure as (
    select this.contact_id
    from failed as this
    join failed as other
        on other.customer_id = this.customer_id
        and other.contact_id <> this.contact_id
        and other.started_at >= this.started_at - to_hours(24)
        and (other.started_at < this.started_at or (other.started_at = this.started_at and other.contact_id < this.contact_id))
    group by this.contact_id
    having count(*) >= 2
),
unanswered_failure as (
    select failed.contact_id, failed.started_at + to_hours(24) as posted_at
    from failed
    where not exists (
            select 1 from clean_callback_booking as booking
            where booking.customer_id = failed.customer_id
                and booking.requested_at between failed.started_at and failed.started_at + to_hours(24)
        )
        and not exists (
            select 1 from from_us
            where from_us.customer_id = failed.customer_id
                and from_us.called_at between failed.started_at and failed.started_at + to_hours(24)
        )
        and not exists (
            select 1 from truth_contact as through
            where through.customer_id = failed.customer_id and through.is_answered and not through.is_failed_attempt
                and through.started_at between failed.started_at and failed.started_at + to_hours(24)
        )
),
unanswered_drop as (
    select contact_id, ended_at + to_minutes(30) as posted_at
    from truth_contact
    where (is_dropped or is_silent_line)
        and not exists (
            select 1 from from_us
            where from_us.customer_id = truth_contact.customer_id
                and from_us.called_at between truth_contact.ended_at and truth_contact.ended_at + to_minutes(30)
        )
),
called_anyway as (
    select self_service.contact_id, min(agent_call.started_at) as posted_at
    from truth_contact as self_service
    join truth_contact as agent_call using (customer_id, topic_code)
    where self_service.ivr_result_code = 'completed' and not self_service.is_answered and agent_call.is_answered
        and agent_call.started_at > self_service.started_at and agent_call.started_at <= self_service.started_at + to_hours(1)
    group by self_service.contact_id
),
slow as (
    select truth_contact.contact_id
    from truth_contact
    join topic_median
        on topic_median.topic_code = truth_contact.topic_code
        and topic_median.month_on = date_trunc('month', truth_contact.started_on) - interval 1 month
    where is_answered and coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) > 2 * topic_median.median_seconds
),
called_again as (
    select distinct later.contact_id
    from truth_contact as later
    join truth_contact as earlier using (customer_id, topic_code)
    where earlier.started_at < later.started_at and earlier.started_at >= later.started_at - to_days(7)
),
unanswered_need as (
    select contact_id, started_at + to_hours(24) as posted_at
    from truth_contact
    where is_answered and is_resolved = false
        and not exists (
            select 1 from clean_ticket
            where clean_ticket.contact_id = truth_contact.contact_id
                and clean_ticket.opened_at between truth_contact.started_at - to_hours(24) and truth_contact.started_at + to_hours(24)
        )
),
at_start as (
    select contact_id, 'IVR-01' as indicator_id, 2 as points from truth_contact where ivr_kind_code = 'query' and ivr_result_code = 'failed'
    union all select contact_id, 'IVR-02', 3 from truth_contact where ivr_kind_code = 'transaction' and ivr_result_code = 'failed'
    union all select contact_id, 'IVR-03', 2 from truth_contact where failed_verification_count >= 2
    union all select contact_id, 'IVR-04', 1 from truth_contact where invalid_key_count >= 3
    union all select contact_id, 'IVR-05', 1 from truth_contact where timeout_count >= 2
    union all select contact_id, 'IVR-06', 1 from truth_contact where ivr_depth >= 5 and ivr_result_code = 'none'
    union all select contact_id, 'IVR-07', 2 from truth_contact where node_visit_max_count >= 3
    union all select contact_id, 'IVR-08', 2 from truth_contact where ivr_seconds > 180 and ivr_result_code = 'none'
    union all select contact_id, 'IVR-09', 2 from truth_contact where is_hung_up_in_menu and ivr_result_code = 'none' and not coalesce(is_agent_requested, false)
    union all select contact_id, 'IVR-10', 3 from truth_contact where is_agent_requested and queue_seconds is null and not coalesce(is_answered, false) and not coalesce(is_refused, false)
    union all select contact_id, 'IVR-11', 3 from truth_contact where is_system_fault
    union all select contact_id, 'CON-01', 3 from truth_contact where is_refused
    union all select contact_id, 'CON-02', 3 from truth_contact where is_abandoned and queue_seconds >= 10
    union all select contact_id, 'CON-03', 1 from truth_contact where is_answered and queue_seconds >= 60 and queue_seconds <= 180
    union all select contact_id, 'CON-04', 3 from truth_contact where is_answered and queue_seconds > 180
    union all select contact_id, 'CON-05', 5 from third_failure
    union all select contact_id, 'AGT-01', 3 from truth_contact where is_dropped
    union all select contact_id, 'AGT-02', 2 from truth_contact where is_silent_line
    union all select contact_id, 'AGT-04', 2 from truth_contact where hold_seconds > 120
    union all select contact_id, 'AGT-05', 2 from truth_contact where transfer_count >= 2
    union all select contact_id, 'AGT-06', 2 from slow
    union all select contact_id, 'AGT-07', 5 from truth_contact where is_poor_attitude
    union all select contact_id, 'AGT-08', 5 from truth_contact where is_wrong_answer
    union all select contact_id, 'RES-01', 3 from called_again
),
final as (
    select at_start.*, truth_contact.started_at as posted_at from at_start join truth_contact using (contact_id)
    union all select contact_id, 'IVR-12', 3, posted_at from called_anyway
    union all select contact_id, 'CON-06', 3, posted_at from unanswered_failure
    union all select contact_id, 'AGT-03', 4, posted_at from unanswered_drop
    union all select contact_id, 'AGT-09', 3, posted_at from unanswered_need
)
select * from final
