-- statement: person
-- The id by which a customer goes now.
select person_id, merged_on from customer_person where customer_id = :customer

-- statement: months_of_customer
-- The customer's months, latest first.
select month, level, score, segment_code, lifecycle_stage_code, city_code, is_explicit, has_left, is_closed
from page_customer_month
where customer_id = :customer
order by month desc

-- statement: month_of_customer
select content from page_customer_month where month = :month and customer_id = :customer

-- statement: address
-- What is known of a customer without a story, and the number, which is masked here.
select
    customer_id, city_code, is_active, left(phone_number, 6) || '****' || right(phone_number, 2) as masked_number
from contact_address
where customer_id = :customer

-- statement: whole_number
select phone_number from contact_address where customer_id = :customer

-- statement: reply_texts
-- What the customer wrote in answer to our surveys.
select sms_inbound.received_at, sms_inbound.text
from contact_address
join sms_inbound on sms_inbound.phone_number = contact_address.phone_number
join survey on survey.survey_id = sms_inbound.survey_id and survey.customer_id = contact_address.customer_id
where contact_address.customer_id = :customer
order by sms_inbound.received_at desc
limit 50

-- statement: customers_of_number
-- Who has the number.
select customer_id from contact_address where phone_number = :number order by customer_id limit 20

-- statement: words_of_codes
-- The words of these codes, by the version from which they count.
select kind_code, code, valid_from, name_en, name_zh, points
from page_word
where (kind_code = 'indicator' and code = any(:indicators)) or (kind_code = 'grumble_type' and code = any(:types))
order by kind_code, code, valid_from

-- statement: warning_now
select
    level, probability_7_percent, probability_30_percent, department_code, owner_id, grumble_type_code, strategy_en,
    strategy_zh, reasons_en, reasons_zh, first_warned_on, last_warned_on, is_listed
from customer_warning
where customer_id = :customer

-- statement: follow_ups_of_customer
select
    follow_up_id, measure_code, topic_code, state_code, tier, team_code, opened_at, due_at, promised_at, closed_at,
    is_solved, about_kind_code, about_id
from follow_up_ticket
where customer_id = :customer
order by opened_at desc, follow_up_id
limit 50

-- statement: lists_of_customer
-- The customer's place on published lists, with the strategy's words.
select
    campaign_list.month, campaign_action.strategy_code, campaign_strategy.name_en, campaign_strategy.name_zh,
    campaign_action.rank, campaign_action.amount, campaign_action.planned_on, campaign_action.valid_until,
    campaign_action.state_code, campaign_action.channel_code
from campaign_action
join campaign_list on campaign_list.list_id = campaign_action.list_id
left join campaign_strategy
    on campaign_strategy.list_id = campaign_action.list_id
        and campaign_strategy.strategy_code = campaign_action.strategy_code
where campaign_action.customer_id = :customer
order by campaign_list.month desc, campaign_action.strategy_code
limit 50

-- statement: labels_now
-- What IVR and agents are to know of the customer on this day: the call labels of published lists.
select
    routing_entry.strategy_code, routing_entry.is_priority, routing_entry.label_en, routing_entry.label_zh,
    routing_entry.playbook_code, routing_entry.severity, routing_entry.valid_until, campaign_strategy.playbook_en,
    campaign_strategy.playbook_zh
from routing_entry
left join campaign_strategy
    on campaign_strategy.list_id = routing_entry.list_id
        and campaign_strategy.strategy_code = routing_entry.strategy_code
where routing_entry.customer_id = :customer and :today between valid_from and valid_until and recalled_at is null
order by is_priority desc, routing_entry.level desc, routing_entry.strategy_code
