-- model: source_share
-- grain: one source of trouble in one month
-- inputs: contact_file, ledger_file, comparable, person_of_customer, snapshot, source_wanted
-- params: months
-- order: dimension_code, source_code, month
-- Customers in contact at the source in a month, and those of them whom such a contact hurt, by what was posted in that
-- month: of the stages that say something of the source, and of indicators that all the months have.
with
contact as (
    select
        contact_file.contact_id,
        coalesce(person_of_customer.person_id, contact_file.customer_id) as customer_id,
        contact_file.started_on,
        strftime(contact_file.started_on, '%Y-%m') as month,
        contact_file.ivr_node_code,
        contact_file.topic_code,
        contact_file.agent_group_code,
        contact_file.center_code
    from contact_file
    left join person_of_customer on contact_file.customer_id = person_of_customer.customer_id
    where contact_file.direction_code = 'inbound' and contact_file.customer_id is not null
        and list_contains($months, strftime(contact_file.started_on, '%Y-%m'))
),
snapshots as (select customer_id, month_on, plan_code, city_code from snapshot),
placed as (
    select contact.*, snapshots.plan_code, snapshots.city_code
    from contact
    asof left join snapshots
        on contact.customer_id = snapshots.customer_id and contact.started_on >= snapshots.month_on
),
there as (
    select source_wanted.dimension_code, source_wanted.source_code, placed.month, placed.customer_id, placed.contact_id
    from placed
    join source_wanted
        on source_wanted.source_code = case source_wanted.dimension_code
            when 'ivr_node' then placed.ivr_node_code
            when 'topic' then placed.topic_code
            when 'agent_group' then placed.agent_group_code
            when 'center' then placed.center_code
            when 'plan' then placed.plan_code
            when 'city' then placed.city_code
        end
),
hurt as (
    select distinct
        source_wanted.dimension_code,
        source_wanted.source_code,
        ledger_file.subject_id as contact_id,
        strftime(ledger_file.posted_on, '%Y-%m') as month
    from ledger_file
    join comparable on ledger_file.indicator_id = comparable.indicator_id
    join source_wanted on list_contains(source_wanted.stages, comparable.stage_code)
    where ledger_file.subject_kind_code = 'contact' and ledger_file.entry_kind_code = 'debit'
),
final as (
    select
        there.dimension_code,
        there.source_code,
        there.month,
        count(distinct there.customer_id) as customer_count,
        count(distinct case when hurt.contact_id is not null then there.customer_id end) as hurt_count
    from there
    left join hurt using (dimension_code, source_code, contact_id, month)
    group by there.dimension_code, there.source_code, there.month
)
select * from final
