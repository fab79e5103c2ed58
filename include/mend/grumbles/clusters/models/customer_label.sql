-- model: customer_label
-- grain: one customer whom the kind is about
-- inputs: behaviour_figure
-- params: names, default_name
-- fills: scores, who
-- Every customer's label: of the classes that their own record allows the likeliest. A class that it does not allow has
-- the score -1e300; where none is left it is the default.
with
scored as (
    select customer_id, {scores} as scores from behaviour_figure where {who}
),
final as (
    select
        customer_id,
        case
            when list_max(scores) > -1e299
                then list_extract($names, list_position(scores, list_max(scores)))
            else $default_name
        end as code
    from scored
)
select * from final
