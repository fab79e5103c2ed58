-- model: said_check
-- grain: one month
-- inputs: grumble, complaint_ticket
-- What customers said in each month, as one number: another number, and something was said otherwise. (Rows are told by
-- their key: none cancels another.)
with
said as (
    select date_trunc('month', grumbled_at) as month_on,
    concat_ws('|', grumble_id, customer_id, epoch_us(grumbled_at)) as words from grumble
    union all
    select date_trunc('month', opened_at) as month_on,
    concat_ws('|', 'complaint', ticket_id, coalesce(customer_id, ''), coalesce(contact_id, ''), epoch_us(opened_at))
        as words
    from complaint_ticket
    where kind_code = 'complaint'
),
final as (
    select strftime(month_on, '%Y-%m') as month, count(*) as row_count, cast(bit_xor(md5_number(words)) as varchar)
        as words
    from said
    group by month_on
)
select * from final
