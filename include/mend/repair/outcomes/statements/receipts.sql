-- statement: asked_list
-- Whose receipts are asked for, for the time of one transaction.
create temp table if not exists asked_list (list_id text not null) on commit drop;
truncate asked_list

-- statement: ask_list
insert into asked_list (list_id) values (:list_id)

-- statement: receipts
-- What the relay says of the list's messages when nothing more is awaited. What nobody knows is left out.
copy (
    select strategy_code, campaign_action.customer_id, sms_outbox.state_code, final_at
    from campaign_action
    join asked_list using (list_id)
    join sms_outbox on dedup_key = message_key
    where final_at is not null and sms_outbox.state_code in (
        'delivered', 'undelivered', 'failed', 'expired', 'suppressed'
    )
    order by strategy_code, customer_id
) to stdout (format csv, header true)
