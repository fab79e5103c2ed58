-- Why each candidate is not written to (null: it is), by the contact rules in the order of policy.reason_not_to_contact; then the rules of
-- the batch: one message a number and customer, the day's budget. All ids of a person count together. Runs under the contact lock, so that what it counts stays true.
create temp table verdict on commit drop as
with
placed as (
    select
        candidate.*,
        greatest(happened_at + delay, :at) as planned_at,
        happened_at + latest as latest_at,
        string_to_array(zones, ',') as zone_list
    from candidate
),
timed as (
    -- The first moment that every zone permits is the planned one, or one at which some zone's hours begin.
    select placed.*, permitted.not_before
    from placed
    left join lateral (
        select min(moment) as not_before
        from (
            select placed.planned_at as moment
            union all
            select ((placed.planned_at at time zone zone_name)::date + day_number + cast(:hours_from as time)) at time zone zone_name
            from unnest(placed.zone_list) as zones (zone_name) cross join generate_series(0, 2) as days (day_number)
        ) as begins
        where moment >= placed.planned_at
            and not exists (
                select from unnest(placed.zone_list) as zones (zone_name)
                where (moment at time zone zone_name)::time < cast(:hours_from as time)
                    or (moment at time zone zone_name)::time >= cast(:hours_until as time)
            )
    ) as permitted on true
),
personal as (
    select
        timed.*,
        case
            when phone_number is null or zones is null or zones = '' then 'no_number'
            when is_number_in_doubt then 'number_in_doubt'
            when exists (select from sms_opt_out where sms_opt_out.phone_number = timed.phone_number)
                or exists (select from customer_opt_out where customer_opt_out.customer_id = any(timed.customer_ids)) then 'opted_out'
            when not is_active then 'customer_left'
            when needs_consent and consent_code = 'service' and has_survey_consent is not true then 'no_consent'
            when needs_consent and consent_code = 'commercial' and has_marketing_consent is not true then 'no_consent'
            when consent_code = 'commercial' and exists (
                select from sms_opt_in
                where sms_opt_in.phone_number = timed.phone_number
                group by sms_opt_in.phone_number
                having not bool_or(is_for_marketing)
            ) then 'no_consent'
            when questionnaire_code is not null and exists (
                select from known_ticket
                where known_ticket.customer_id = any(timed.customer_ids) and known_ticket.topic_code = timed.topic_code
                    and known_ticket.ticket_id <> timed.about_id and known_ticket.opened_at <= :at
                    and (known_ticket.closed_at is null or known_ticket.closed_at > :at)
            ) then 'matter_open'
            when not is_promised and exists (
                select from follow_up_ticket
                where follow_up_ticket.customer_id = any(timed.customer_ids) and follow_up_ticket.topic_code = timed.topic_code
                    and follow_up_ticket.opened_at <= :at and (follow_up_ticket.closed_at is null or follow_up_ticket.closed_at > :at)
            ) then 'matter_open'
            when :at > latest_at then 'too_late'
            when not_before is null or not_before > latest_at then 'quiet_hours'
        end as reason
    from timed
),
counted as (
    select
        personal.*,
        case
            when personal.reason is not null then personal.reason
            when same_batch then 'number_in_batch'
            when kind_count >= case when is_promised then :promised_most when consent_code = 'service' then :service_most else :commercial_most end
                then 'cap_kind'
            when all_count >= :all_most - case when is_promised then 0 else :reserved end then 'cap_total'
        end as counted_reason
    from personal
    left join lateral (
        select
            count(*) filter (where within_kind) as kind_count,
            count(*) filter (where reserved.counts_at > not_before - cast(:all_window as interval)
                and reserved.counts_at < not_before + cast(:all_window as interval)) as all_count,
            coalesce(bool_or(reserved.batch_key = :batch), false) as same_batch
        from (
            select
                contact_reservation.counts_at, contact_reservation.batch_key,
                contact_reservation.is_promised = personal.is_promised
                    and (personal.is_promised or contact_reservation.consent_code = personal.consent_code)
                    and contact_reservation.counts_at > not_before - kind_window.span
                    and contact_reservation.counts_at < not_before + kind_window.span as within_kind
            from contact_reservation
            cross join (
                select case
                    when personal.is_promised then cast(:promised_window as interval)
                    when personal.consent_code = 'service' then cast(:service_window as interval)
                    else cast(:commercial_window as interval)
                end as span
            ) as kind_window
            where personal.reason is null
                and (contact_reservation.customer_id = any(personal.customer_ids) or contact_reservation.phone_number = personal.phone_number)
        ) as reserved
    ) as counts on true
),
ranked as (
    select
        *,
        row_number() over (partition by counted_reason is null, phone_number order by is_promised desc, place, happened_at, survey_id) as of_number,
        row_number() over (partition by counted_reason is null, person_id order by is_promised desc, place, happened_at, survey_id) as of_customer
    from counted
),
single as (
    select
        *,
        coalesce(counted_reason, case when of_number > 1 or of_customer > 1 then 'number_in_batch' end) as single_reason,
        (not_before at time zone :zone)::date as budget_on
    from ranked
),
queue as (
    select
        *,
        row_number() over (
            partition by single_reason is null, budget_on, consent_code order by is_promised desc, place, happened_at, survey_id
        ) as of_budget
    from single
),
final as (
    select
        queue.*,
        coalesce(single_reason, case
            when coalesce(used_count, 0) + of_budget > case
                when consent_code = 'commercial' then :commercial_budget
                when is_promised then :service_budget
                else :service_budget - :budget_reserved
            end then 'budget_spent'
        end) as reason_code
    from queue
    left join contact_budget using (budget_on, consent_code)
)
-- A promised message that only the batch, the day's budget or an open ticket holds back waits for the next batch; none falls away unseen.
select *, coalesce(is_promised and reason_code in ('number_in_batch', 'budget_spent', 'matter_open') and :at < latest_at, false) as is_deferred from final
