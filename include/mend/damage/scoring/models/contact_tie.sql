-- model: contact_tie
-- grain: one place among contacts that began in the same moment
-- inputs: contact_incident, contact_file
-- share: customer_id
-- Which of the contacts that began in the same moment has which place: by their ids. They are few, so the ids stay out
-- of the sort. Contacts "b" and "a" of one moment at places 7 and 8: place 7 is a's, place 8 is b's.
with
moment as (select distinct customer_number, started_us from contact_incident where is_tied),
member as (select contact_incident.* from contact_incident semi join moment using (customer_number, started_us)),
by_id as (
    select
        member.* exclude (place, is_tied, is_first, is_last_of_day, incident_place),
        row_number() over (partition by customer_number, started_us order by contact_file.contact_id) as number
    from member join contact_file on member.contact_number = contact_file.row_number
),
by_place as (
    select customer_number, started_us, place,
    row_number() over (partition by customer_number, started_us order by place) as number
    from member
),
final as (
    select by_id.* exclude (number), by_place.place
    from by_id join by_place using (customer_number, started_us, number)
)
select * from final
