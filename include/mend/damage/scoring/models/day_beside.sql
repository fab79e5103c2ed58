-- model: day_beside
-- grain: one day with later contacts of customers whose contacts changed
-- inputs: change, later_contact
-- share: whole
-- params: reach_days
-- A contact bears on its customer's later contacts: the topic again, the incident, the failed attempts. The register
-- names every version's customer and day, so a contact that moved to another customer is looked at on both sides.
-- Anna's contact of the 3rd came late; they called again on the 5th and on the 29th: the 5th, with a reach of 9 days.
with
changed as (
    select distinct customer_id, subject_on from change where record_code = 'contact' and customer_id is not null
),
final as (
    select distinct later_contact.started_on
    from later_contact
    join changed
        on later_contact.customer_id = changed.customer_id and later_contact.started_on > changed.subject_on
        and later_contact.started_on <= changed.subject_on + cast($reach_days as integer)
)
select * from final
