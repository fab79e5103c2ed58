-- The snapshot after the campaign's month shows what they spent in it.
update snapshot
set arpu_amount = (snapshot.arpu_amount * reaction.spend_factor)::decimal(18, 2)
from reaction, month_setting
where month_setting.month_index = reaction.month_index + 1 and month_setting.month_on = snapshot.month_on
    and reaction.customer_id = snapshot.customer_id
