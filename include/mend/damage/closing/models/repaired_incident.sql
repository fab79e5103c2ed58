-- model: repaired_incident
-- grain: one debit (less its cap) or credit of an incident of several contacts that was repaired as a whole
-- inputs: posted_year, statement
-- order: subject_kind_code, account_id, posted_us, is_credit, indicator_id, cause_key, subject_id
-- A credit that names an incident's first contact takes from all of its contacts: which of them, only the order of its
-- entries tells.
with
wide as (
    select distinct subject_id as account_id
    from posted_year
    where entry_kind_code = 'credit' and subject_kind_code = 'contact' and incident_id is null
),
entry as (
    select posted_year.*, coalesce(posted_year.incident_id, posted_year.subject_id) as account_id
    from posted_year
    join wide on coalesce(posted_year.incident_id, posted_year.subject_id) = wide.account_id
    where posted_year.subject_kind_code = 'contact'
),
said as (
    select distinct entry.account_id
    from entry join statement on statement.subject_kind_code = 'contact' and entry.subject_id = statement.subject_id
),
beside as (select distinct account_id from entry where entry_kind_code = 'debit' and subject_id <> account_id),
final as (
    select
        subject_kind_code, account_id, subject_id, indicator_id, entry_kind_code = 'credit' as is_credit,
        case when entry_kind_code = 'credit' then coalesce(cause_id, '') else '' end as cause_key,
        min(epoch_us(posted_at)) as posted_us,
        min(year(posted_on) * 12 + month(posted_on)) as month_number,
        cast(sum(points) * 1000 as bigint) as thousandths
    from entry semi join said using (account_id) semi join beside using (account_id)
    group by all
)
select * from final
