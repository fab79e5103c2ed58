-- model: label_playbook
-- grain: one customer of the list
-- inputs: label_case, playbook_word
-- fills: playbook_place, severity
-- The first playbook whose condition holds for a customer of the list, and how severe the case is.
with
chosen as (select customer_id, {playbook_place} as place, {severity} as case_severity from label_case),
final as (
    select
        chosen.customer_id,
        playbook_word.playbook_code,
        greatest(chosen.case_severity, playbook_word.least_severity) as severity
    from chosen
    join playbook_word on chosen.place = playbook_word.place
)
select * from final
