-- model: behaviour_figure
-- grain: one customer who made a contact, grumbled or complained
-- inputs: input_customer, contact_figure, grumble_figure, complaint_figure
-- Everything that a customer did, as counts of matters. Who grumbled, complained or was displeased has shown something.
with
acted as (
    select *
    from contact_figure
    full join grumble_figure using (customer_id)
    full join complaint_figure using (customer_id)
),
counted as (
    select customer_id, columns(* exclude (customer_id)), coalesce(grumbled_count, 0) as grumbles
    from acted
    semi join input_customer using (customer_id)
),
final as (
    select
        customer_id,
        grumbles > 0 or coalesce(complained_count, 0) > 0 or coalesce(angry_count + annoyed_count, 0) > 0 as is_shown,
        coalesce(traditional_count, 0) as traditional_count,
        coalesce(ivr_sms_count, 0) as ivr_sms_count,
        coalesce(web_wap_count, 0) as web_wap_count,
        coalesce(angry_count, 0) as angry_count,
        coalesce(annoyed_count, 0) as annoyed_count,
        coalesce(money_count, 0) as money_count,
        coalesce(other_count, 0) as other_count,
        coalesce(complained_count, 0) as complained_count,
        greatest(grumbles - coalesce(complained_count, 0), 0) as let_be_count,
        coalesce(escalated_count, 0) as escalated_count,
        coalesce(settled_count, 0) as settled_count,
        coalesce(abandoned_count, 0) as abandoned_count,
        coalesce(stayed_count, 0) as stayed_count
    from counted
)
select * from final
