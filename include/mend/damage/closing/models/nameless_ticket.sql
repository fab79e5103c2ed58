-- model: nameless_ticket
-- grain: one day on which complaints without a customer were opened
-- inputs: complaint_ticket
-- Days whose contacts may say whose these complaints are.
select distinct opened_on from complaint_ticket where kind_code = 'complaint' and customer_id is null
    and contact_id is not null
