insert into sms_inbound_part (account_code, phone_number, to_number, reference, part_total, part_number, content, data_coding, received_at)
values (:account, :phone_number, :to_number, :reference, :part_total, :part_number, :content, :data_coding, :at)
on conflict (account_code, phone_number, to_number, reference, part_total, part_number) do nothing
