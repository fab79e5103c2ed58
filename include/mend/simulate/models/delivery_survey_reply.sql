-- Replies that came before the horizon.
with
together as (
    select * from first_survey
    union all by name
    select * from later_survey
),
final as (
    select $columns, replied_at as updated_at, true as is_latest
    from together
    cross join world
    where replied_at < world.horizon
)
select * from final
