-- statement: campaign_row
-- The list's rows for the time of one transaction.
create temp table if not exists campaign_row (
    strategy_code text not null, customer_id text not null, city_code text not null, channel_code text not null,
    action_code text not null, consent_code text not null, rank integer not null, level integer not null,
    amount integer not null, cost integer not null, is_entitlement boolean not null, is_overload boolean not null,
    planned_on date not null, valid_from date not null, valid_until date not null, label_en text not null,
    label_zh text not null, primary key (strategy_code, customer_id)
) on commit drop;
truncate campaign_row

-- statement: rows_of_published
-- The rows of a published list, as they were when it was published, into campaign_row.
insert into campaign_row (
    strategy_code, customer_id, city_code, channel_code, action_code, consent_code, rank, level, amount, cost,
    is_entitlement, is_overload, planned_on, valid_from, valid_until, label_en, label_zh
)
select
    campaign_action.strategy_code, campaign_action.customer_id, city_code, campaign_action.channel_code, action_code,
    consent_code, rank, coalesce(level, 0), amount, cost, is_entitlement, is_overload, planned_on,
    coalesce(valid_from, planned_on), campaign_action.valid_until, coalesce(label_en, ''), coalesce(label_zh, '')
from campaign_action
left join routing_entry using (list_id, strategy_code, customer_id)
where list_id = :list_id

-- statement: numbers_shown
-- The numbers of these customers, or why they are not shown.
select strategy_code, customer_id, phone_number, reason_code
from shown_number
where customer_id = any(cast(:customers as text[]))

-- statement: ask_numbers
-- Every row as a request, to learn which number is theirs by now and what speaks against the person.
insert into contact_request (
    request_key, customer_id, happened_at, planned_at, latest_at, consent_code, is_promised, needs_consent,
    has_question, priority
)
select
    strategy_code || ' ' || customer_id, customer_id, :at, :at, :at,
    case when consent_code = 'commercial' then 'commercial' else 'service' end,
    is_entitlement, consent_code <> 'none', false, rank
from campaign_row

-- statement: kept_aside
-- Rows of people who are held out by an id that has become theirs since the list was made.
create temp table if not exists kept_aside (strategy_code text, customer_id text) on commit drop;
truncate kept_aside

-- statement: merged_row
-- Discretionary rows of people who go by several ids, with all of these.
with
member as (
    select customer_id, person_id from customer_person
    union
    select person_id, person_id from customer_person
)
select strategy_code, campaign_row.customer_id, array_agg(distinct other.customer_id) as ids
from campaign_row
join member using (customer_id)
join member as other using (person_id)
where not is_entitlement
group by strategy_code, campaign_row.customer_id
order by strategy_code, campaign_row.customer_id

-- statement: put_kept_aside
insert into kept_aside values (:strategy_code, :customer_id)

-- statement: shown_number
-- The numbers that a list may show. Whoever has no number that is surely theirs, left, or did not agree to what the
-- strategy is, is not called and not written to: their number is not shown, with the first reason. Customers of a list
-- who turned out to be one person since get what the worst damaged of them is given, and what each is owed. Whoever is
-- held out by an id that became theirs gets nothing but what they are owed.
create temp table if not exists shown_number (
    strategy_code text, customer_id text, phone_number text, reason_code text
) on commit drop;
truncate shown_number;
insert into shown_number
with
person as (
    select strategy_code, customer_id, row_number() over (
        partition by coalesce(person_id, customer_id) order by level desc, rank, strategy_code, customer_id
    ) > 1 as is_again
    from campaign_row
    left join customer_person using (customer_id)
    left join kept_aside using (strategy_code, customer_id)
    where not is_entitlement and kept_aside.strategy_code is null
),
stopped as (
    select strategy_code, customer_id, 'same_person' as reason_code from person where is_again
    union all
    select strategy_code, customer_id, 'held_out' from kept_aside
)
select
    campaign_row.strategy_code, campaign_row.customer_id,
    case when reason.code is null and stopped.reason_code is null then contact_number.phone_number end,
    coalesce(stopped.reason_code, reason.code)
from campaign_row
left join stopped using (strategy_code, customer_id)
join contact_number on request_key = campaign_row.strategy_code || ' ' || campaign_row.customer_id
left join lateral (
    select code
    from unnest(person_codes) with ordinality as found (code, place)
    where code in ('no_number', 'number_in_doubt', 'customer_left')
        or code in ('opted_out', 'no_consent') and campaign_row.consent_code <> 'none'
            and not campaign_row.is_entitlement
    order by place
    limit 1
) as reason on true

-- statement: campaign_message
-- What was decided on each message of the list, for the time of one transaction.
create temp table if not exists campaign_message (
    message_key text primary key, strategy_code text not null, customer_id text not null, reason_code text,
    phone_number text, zones text, language_code text, not_before timestamptz
) on commit drop;
truncate campaign_message

-- statement: sent_before
-- A list of the same month that was recalled may have written to them already: not a second time.
insert into campaign_message (message_key, strategy_code, customer_id, reason_code)
select
    :prefix || campaign_row.strategy_code || ' ' || campaign_row.customer_id, campaign_row.strategy_code,
    campaign_row.customer_id, 'sent_before'
from campaign_row
where channel_code = 'sms' and exists (
    select from campaign_action
    join campaign_list using (list_id)
    join sms_outbox on dedup_key = message_key
    where campaign_action.customer_id = campaign_row.customer_id
        and campaign_action.strategy_code = campaign_row.strategy_code and campaign_list.month = :month
        and (sms_outbox.attempts > 0 or sms_outbox.state_code not in ('suppressed', 'expired'))
)

-- statement: stopped_person
-- Nor a person by a second row of this list, nor one who is held out.
insert into campaign_message (message_key, strategy_code, customer_id, reason_code)
select :prefix || strategy_code || ' ' || customer_id, strategy_code, customer_id, shown_number.reason_code
from shown_number
join campaign_row using (strategy_code, customer_id)
where channel_code = 'sms' and shown_number.reason_code in ('same_person', 'held_out')
on conflict (message_key) do nothing

-- statement: ask_contact_rules
-- The messages that nothing was decided on yet, so many days after the planned one; in the first permitted hour.
insert into contact_request (
    request_key, customer_id, happened_at, planned_at, latest_at, consent_code, is_promised, needs_consent,
    has_question, priority
)
select
    :prefix || strategy_code || ' ' || customer_id, customer_id, :at,
    greatest((planned_on + cast(:shift as integer) + cast(:hours_from as time)) at time zone :zone, :at),
    (valid_until + 1) at time zone :zone,
    case when consent_code = 'commercial' then 'commercial' else 'service' end,
    is_entitlement, consent_code <> 'none', false, rank
from campaign_row
where channel_code = 'sms' and (:shift = 0 or planned_on + cast(:shift as integer) <= valid_until)
    and not exists (
        select from campaign_message
        where message_key = :prefix || campaign_row.strategy_code || ' ' || campaign_row.customer_id
    )

-- statement: take_decisions
-- What is decided for good. Where the day's budget alone is spent, the next day is asked for.
insert into campaign_message
select
    request_key, campaign_row.strategy_code, campaign_row.customer_id, reason_code, phone_number, zones, language_code,
    not_before
from contact_decision
join campaign_row on request_key = :prefix || campaign_row.strategy_code || ' ' || campaign_row.customer_id
where reason_code is distinct from 'budget_spent'

-- statement: take_rest
-- No day of the validity had room.
insert into campaign_message (message_key, strategy_code, customer_id, reason_code)
select
    :prefix || strategy_code || ' ' || customer_id, strategy_code, customer_id, 'budget_spent'
from campaign_row
where channel_code = 'sms'
on conflict (message_key) do nothing

-- statement: message
-- The messages that go.
select
    message_key, campaign_row.strategy_code, campaign_row.customer_id, campaign_message.phone_number,
    string_to_array(zones, ',') as zones, language_code, not_before,
    (valid_until + 1) at time zone :zone as valid_until_at, valid_until, amount, label_en, label_zh, consent_code,
    is_entitlement
from campaign_message
join campaign_row using (strategy_code, customer_id)
where reason_code is null
order by message_key

-- statement: put_actions
-- What is to be done for whom. Whoever cannot be reached by now (left, opted out, no number that is surely theirs) is
-- called, visited and credited no more than written to, as far as the channel needs it. What is owed goes to a person.
insert into campaign_action (
    list_id, strategy_code, customer_id, city_code, channel_code, action_code, consent_code, rank, amount, cost,
    is_entitlement, is_overload, planned_on, valid_until, state_code, reason_code, message_key
)
select
    :list_id, strategy_code, customer_id, city_code, channel_code, action_code, consent_code, rank, amount, cost,
    is_entitlement, is_overload, planned_on, valid_until,
    case
        when stopped.reason_code is null then case when message_key is null then 'planned' else 'queued' end
        when is_entitlement then 'to_person'
        else 'withheld'
    end,
    stopped.reason_code, case when stopped.reason_code is null then message_key end
from campaign_row
left join campaign_message using (strategy_code, customer_id)
left join shown_number using (strategy_code, customer_id)
cross join lateral (
    select case
        when channel_code = 'sms' then campaign_message.reason_code
        when channel_code in ('call', 'rebate') or shown_number.reason_code not in ('no_number', 'number_in_doubt')
            then shown_number.reason_code
    end as reason_code
) as stopped

-- statement: put_routing
-- What IVR and agent desktops know of each listed customer. What is withheld is not told: an agent would promise it.
insert into routing_entry (
    list_id, customer_id, strategy_code, channel_code, is_priority, level, label_en, label_zh, valid_from, valid_until,
    playbook_code, severity
)
select
    list_id, customer_id, strategy_code, campaign_row.channel_code, campaign_row.channel_code = 'routing', level,
    label_en, label_zh, valid_from, campaign_row.valid_until, playbook_code, severity
from campaign_row
join campaign_action using (strategy_code, customer_id)
join row_playbook using (customer_id)
where campaign_action.list_id = :list_id and campaign_action.state_code <> 'withheld'

-- statement: put_strategy
-- The list's strategies in words.
insert into campaign_strategy (
    list_id, strategy_code, name_en, name_zh, label_en, label_zh, playbook_en, playbook_zh
) values (:list_id, :code, :name_en, :name_zh, :label_en, :label_zh, :playbook_en, :playbook_zh)

-- statement: row_playbook
-- The playbook of each customer of the list, for the time of one transaction.
create temp table if not exists row_playbook (
    customer_id text primary key, playbook_code text not null, severity integer not null
) on commit drop;
truncate row_playbook

-- statement: pin_playbooks
-- The playbooks as they are when the list is published: its labels keep them, whatever the files say later.
insert into campaign_playbook (list_id, valid_from, playbooks_sha256, playbooks_text)
values (:list_id, :valid_from, :playbooks_sha256, :playbooks_text)

-- statement: count_messages
-- Messages by what was decided; without a reason those that go.
select reason_code, count(*) as message_count from campaign_message group by reason_code order by reason_code

-- statement: waiting_keys
-- Messages of a list, whatever became of them.
select message_key from campaign_action where list_id = :list_id and message_key is not null order by message_key

-- statement: recall_routing
-- The labels and priorities of a list end.
update routing_entry set recalled_at = :at where list_id = :list_id and recalled_at is null

-- statement: recall_actions
-- Nothing more is done for this list. What was sent stays as it is: it happened.
update campaign_action
set state_code = 'recalled', reason_code = null
where list_id = :list_id
    and (state_code in ('planned', 'to_person') or message_key = any(cast(:stopped as text[])))

-- statement: routing_of
-- What is known of a customer on a day, under all ids of the person: priority first, then the worst damage.
with
request as (
    select coalesce(
        (select person_id from customer_person where customer_id = :customer_id), :customer_id
    ) as person_id
),
member as (
    select person_id as customer_id from request
    union
    select customer_person.customer_id from customer_person join request using (person_id)
    union
    select :customer_id
)
select
    routing_entry.list_id, routing_entry.strategy_code, campaign_strategy.name_en, campaign_strategy.name_zh,
    is_priority, level, routing_entry.label_en, routing_entry.label_zh, campaign_strategy.label_en as template_en,
    campaign_strategy.label_zh as template_zh, playbook_en, playbook_zh, campaign_list.month, amount,
    routing_entry.valid_until, playbook_code, severity, playbooks_text
from routing_entry
join member using (customer_id)
join campaign_list using (list_id)
join campaign_strategy using (list_id, strategy_code)
join campaign_action using (list_id, strategy_code, customer_id)
left join campaign_playbook using (list_id)
where routing_entry.recalled_at is null and cast(:day as date)
    between routing_entry.valid_from and routing_entry.valid_until
order by is_priority desc, level desc, routing_entry.list_id, routing_entry.strategy_code

-- statement: customers_of_number
-- Who has a number by the latest snapshot; several: nobody knows.
select distinct coalesce(customer_person.person_id, contact_address.customer_id) as customer_id
from contact_address
left join customer_person using (customer_id)
where contact_address.phone_number = :phone_number and contact_address.is_active
