-- model: address
-- grain: one customer
-- inputs: snapshot_customer, number_zone
-- Customers of a snapshot as contact_address has them; number_zone: the zones of numbers outside of China.
with
final as (
    select
        customer_id,
        phone_number,
        case
            when phone_number is null then ''
            when phone_number like '+86%'
                then case when length(phone_number) between 11 and 14 then 'Asia/Shanghai' else '' end
            else coalesce(number_zone.zones, '')
        end as zones,
        case when phone_number is null or phone_number similar to '\+(86|852|853|886).*' then 'zh'
            else 'en' end as language_code,
        city_code,
        has_survey_consent,
        has_marketing_consent,
        coalesce(status_code <> 'left', true) as is_active,
        month_on as snapshot_on
    from snapshot_customer
    left join number_zone using (phone_number)
)
select * from final
