-- Answers to the survey that every candidate gets at the campaign's end, whatever was done: it speaks of the campaign,
-- and no repair follows from it.
insert into first_survey by name
with
answer as (
    select
        *,
        mix(r, 'answer') as s,
        campaign_on + to_days(day_count - 5)
            + to_seconds(10 * 3600 + floor(draw(r, 'sent') * 28800)::integer) as sent_at
    from reaction
    where is_answering
),
final as (
    select
        'SR' || lpad(number::varchar, 8, '0') || '-' || lpad(month_index::varchar, 3, '0') as survey_id,
        customer_id, 'campaign' as about_kind_code, 'repair-' || strftime(campaign_on, '%Y%m') as about_id,
        'resurvey' as purpose_code,
        sent_at,
        sent_at + to_seconds(30 + floor(draw(s, 'answer') * 80000)::integer) as replied_at,
        does_rate::varchar as reply_text,
        does_rate as score,
        10 as score_scale,
        null::boolean as is_solved,
        number, s as h
    from answer
)
select * from final
