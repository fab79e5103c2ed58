-- Opt-outs of numbers that nobody had when they were said: now somebody may. bind_opt_out is a function of the database (migration 0006).
select bind_opt_out(phone_number)
from sms_opt_out
where not exists (select from customer_opt_out where customer_opt_out.phone_number = sms_opt_out.phone_number)
