-- model: contact_scanned
-- grain: one contact of a numbered customer
-- inputs: contact_file, customer_number, topic_number, topic_median, ticket_opened
-- share: customer_id
-- params: ticket_bits
-- fills: failed_attempt, bits_of_row, bits_after_tickets
-- What every later model needs of a contact, in numbers alone: what its own row decides of the rules is in `bits`.
-- Tickets are looked up by the contact's id only where a rule asks for them; one opened more than a day before the
-- contact is no answer to it. A contact counts as no longer than a day.
with
contact as (
    select
        contact_file.*,
        customer_number.customer_number,
        customer_number.share_number,
        coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) as handling_seconds,
        topic_median.median_handling_seconds as topic_median_seconds,
        topic_number.topic_number,
        {failed_attempt} as is_failed_attempt
    from contact_file
    join customer_number on contact_file.customer_id = customer_number.customer_id
    left join topic_number on contact_file.topic_code = topic_number.topic_code
    left join topic_median
        on contact_file.topic_code = topic_median.topic_code
        and date_trunc('month', contact_file.started_on) = topic_median.applies_to_month_on
),
decided as (
    select *, case when direction_code = 'outbound' then 0 else {bits_of_row} end as row_bits, epoch_us(started_at)
        as started_us
    from contact
),
numbered as (
    select
        customer_number,
        share_number,
        customer_number << 24 | topic_number as topic_key,
        started_us,
        started_on,
        least(
            cast(coalesce(ivr_seconds, 0) as bigint) + coalesce(queue_seconds, 0) + coalesce(talk_seconds, 0)
                + coalesce(hold_seconds, 0),
            86400
        ) as contact_seconds,
        row_number as contact_number,
        row_bits as bits,
        direction_code = 'outbound' as is_outbound,
        coalesce(is_answered, false) as is_answered,
        is_failed_attempt,
        case when row_bits & $ticket_bits <> 0 then contact_id end as asking_id
    from decided
),
ticketed as (
    select
        numbered.* exclude (asking_id),
        (list_min(list_filter(ticket_opened.opened_us, lambda opened: opened >= started_us - 86400000000)) - started_us)
            / 1e6
            as ticket_after_seconds
    from numbered left join ticket_opened on numbered.asking_id = ticket_opened.contact_id
),
final as (select * exclude (ticket_after_seconds) replace ({bits_after_tickets} as bits) from ticketed)
select * from final
