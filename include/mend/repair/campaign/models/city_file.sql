-- model: city_file
-- grain: one damaged customer of a city
-- inputs: damage_list, snapshot, level_words, segment_words
-- params: city, first_day, unmasked
-- One city's list as people read it. A phone number is this month's or none: an older one may be somebody else's by
-- now.
with
row_of_city as (select * from damage_list where city_code = $city),
phone as (select customer_id, phone_number from snapshot where month_on = $first_day),
final as (
    select
        row_of_city.rank,
        row_of_city.customer_id,
        case
            when phone.phone_number is null then ''
            when $unmasked then phone.phone_number
            else masked_number(phone.phone_number)
        end as phone_number,
        row_of_city.level,
        level_words.en as level_en,
        level_words.zh as level_zh,
        row_of_city.score,
        segment_words.en as segment_en,
        segment_words.zh as segment_zh,
        row_of_city.is_explicit,
        row_of_city.explicit_grade,
        row_of_city.lifecycle_stage_code,
        row_of_city.is_last_known,
        row_of_city.contact_count,
        row_of_city.incident_count,
        row_of_city.peak_points,
        row_of_city.reasons_en,
        row_of_city.reasons_zh
    from row_of_city
    left join phone on row_of_city.customer_id = phone.customer_id
    left join level_words on level_words.code = cast(row_of_city.level as varchar)
    left join segment_words on segment_words.code = row_of_city.segment_code
    order by row_of_city.rank
)
select * from final
