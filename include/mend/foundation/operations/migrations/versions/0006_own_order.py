"""Events in their own order, customers who are one person, numbers that went to another, and whose opt-out it was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
KINDS = (
    "contact_ended", "ticket_archived", "complaint_filed", "ticket_suspended", "repair_done", "callback_booked", "follow_up_answered",
    "follow_up_progress", "campaign",
)  # fmt: skip
# What else than the relay's own checks speaks against a queued message now; null: nothing. The relay asks when it claims. A person's ids
# count together; the number must still be that of the person, by the event itself or by the snapshot, whichever is the later.
RECHECK = """
create or replace function contact_recheck(message_key text, at_time timestamptz) returns text language sql stable as $$
with
asked as (
    select
        survey.*, service_event.phone_number as event_number, coalesce(customer_person.person_id, survey.customer_id) as person_id
    from survey
    left join service_event using (event_id)
    left join customer_person on customer_person.customer_id = survey.customer_id
    where survey.survey_id = message_key
),
known as (
    select customer_id from asked
    union
    select person_id from asked
    union
    select customer_person.customer_id from customer_person join asked using (person_id)
),
address as (
    select contact_address.*
    from asked
    join contact_address on contact_address.customer_id in (asked.person_id, asked.customer_id)
    order by contact_address.customer_id = asked.person_id desc
    limit 1
),
final as (
    select
        asked.*, address.is_active, address.has_survey_consent, address.has_marketing_consent, address.snapshot_on,
        case
            when event_number is not null
                and coalesce((asked.happened_at at time zone 'UTC')::date >= address.snapshot_on or address.phone_number is null, true)
                then event_number
            when address.customer_id is null then asked.phone_number
            else address.phone_number
        end as number_now
    from asked left join address on true
)
select case
    when number_now is distinct from phone_number or exists (
        select from contact_address as other
        left join customer_person using (customer_id)
        where other.phone_number = final.phone_number and other.is_active
            and coalesce(customer_person.person_id, other.customer_id) <> final.person_id
            and other.snapshot_on >= coalesce(final.snapshot_on, '-infinity')
    ) then 'number_in_doubt'
    when exists (select from sms_opt_out where sms_opt_out.phone_number = final.phone_number)
        or exists (select from customer_opt_out join known using (customer_id)) then 'opted_out'
    when is_active is false then 'customer_left'
    when needs_consent and consent_code = 'service' and has_survey_consent is not true then 'no_consent'
    when needs_consent and consent_code = 'commercial' and has_marketing_consent is not true then 'no_consent'
    when questionnaire_code is not null and exists (
        select from known_ticket
        where known_ticket.customer_id in (select customer_id from known) and known_ticket.topic_code = final.topic_code
            and known_ticket.ticket_id <> final.about_id and known_ticket.opened_at <= at_time
            and (known_ticket.closed_at is null or known_ticket.closed_at > at_time)
    ) then 'matter_open'
end
from final
$$
"""
# Whose an opt-out is: of whoever had the number when it was said; where nobody knows that, of whoever has it; where nobody has it, of
# whoever was asked there last. In doubt of all of them.
BIND = """
create or replace function bind_opt_out(number text) returns void language sql as $$
with
said as (select *, (opted_out_at at time zone 'UTC')::date as said_on from sms_opt_out where phone_number = number),
holder as (
    select contact_address.customer_id, snapshot_on <= said_on as had_it_then
    from said join contact_address using (phone_number)
    union all
    select former_number.customer_id, true
    from said join former_number using (phone_number)
    where lost_on > said_on
    union all
    select asked.customer_id, false
    from said
    cross join lateral (
        select customer_id from survey where survey.phone_number = number order by not_before desc, survey_id limit 1
    ) as asked
    where not exists (select from contact_address where contact_address.phone_number = number)
)
insert into customer_opt_out (customer_id, phone_number, opted_out_at, source_code, inbound_id)
select distinct holder.customer_id, number, opted_out_at, source_code, inbound_id
from said cross join holder
where had_it_then or not exists (select from holder as then_had where then_had.had_it_then)
on conflict (customer_id, phone_number) do nothing
$$
"""
BIND_AT_ONCE = """
create or replace function bind_opt_out_at_once() returns trigger language plpgsql as $$
begin
    perform bind_opt_out(new.phone_number);
    return null;
end
$$
"""
TRIGGER = "create trigger sms_opt_out_bind after insert on sms_opt_out for each row execute function bind_opt_out_at_once()"
RECHECK_BEFORE = """
create or replace function contact_recheck(message_key text, at_time timestamptz) returns text language sql stable as $$
select case
    when exists (select from sms_opt_out where sms_opt_out.phone_number = survey.phone_number) then 'opted_out'
    when contact_address.is_active is false then 'customer_left'
    when survey.needs_consent and survey.consent_code = 'service' and contact_address.has_survey_consent is not true then 'no_consent'
    when survey.needs_consent and survey.consent_code = 'commercial' and contact_address.has_marketing_consent is not true then 'no_consent'
    when survey.questionnaire_code is not null and exists (
        select from known_ticket
        where known_ticket.customer_id = survey.customer_id and known_ticket.topic_code = survey.topic_code
            and known_ticket.ticket_id <> survey.about_id and known_ticket.opened_at <= at_time
            and (known_ticket.closed_at is null or known_ticket.closed_at > at_time)
    ) then 'matter_open'
end
from survey left join contact_address using (customer_id)
where survey.survey_id = message_key
$$
"""


def upgrade() -> None:
    op.add_column("follow_up_refusal", _maybe("facts", JSONB(), "What the event carries, to take it up when it fits"))
    op.add_column("follow_up_refusal", _maybe("overtaken_by", TEXT, "Late event since which it does not fit any more"))
    op.create_index("follow_up_refusal_follow_up_id_idx", "follow_up_refusal", ["follow_up_id"])
    op.add_column("follow_up_notice", _maybe("overtaken_by", TEXT, "Late event since which it does not hold any more"))
    op.create_index("service_event_customer_id_kind_code_idx", "service_event", ["customer_id", "kind_code"])
    _kinds(*KINDS, "ticket_reopened")
    _customer_person()
    _former_number()
    _customer_opt_out()
    for statement in (RECHECK, BIND, BIND_AT_ONCE, TRIGGER, "select bind_opt_out(phone_number) from sms_opt_out"):
        op.execute(statement)


def downgrade() -> None:
    op.execute(RECHECK_BEFORE)
    op.execute("drop trigger sms_opt_out_bind on sms_opt_out")
    op.execute("drop function bind_opt_out_at_once()")
    op.execute("drop function bind_opt_out(text)")
    for table in ("customer_opt_out", "former_number", "customer_person"):
        op.drop_table(table)
    op.execute("delete from service_event where kind_code = 'ticket_reopened'")
    _kinds(*KINDS)
    op.drop_index("service_event_customer_id_kind_code_idx", "service_event")
    op.drop_column("follow_up_notice", "overtaken_by")
    op.drop_index("follow_up_refusal_follow_up_id_idx", "follow_up_refusal")
    for column in ("overtaken_by", "facts"):
        op.drop_column("follow_up_refusal", column)


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _maybe(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"{table}_{column}_check"))


def _kinds(*kinds: str) -> None:
    """What may happen to a customer."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f("service_event_kind_code_check"), "service_event")
    op.create_check_constraint(op.f("service_event_kind_code_check"), "service_event", f"kind_code in ({listed})")


def _customer_person() -> None:
    op.create_table(
        "customer_person",
        _filled("customer_id", TEXT, "Customer id that became another"),
        _filled("person_id", TEXT, "Id by which the person goes now; in doubt, the id itself"),
        _filled("merged_on", sa.Date(), "From this day on"),
        _maybe("doubt_code", TEXT, "Why nobody knows whose the id is now"),
        sa.PrimaryKeyConstraint("customer_id", name="customer_person_pk"),
        _one_of("customer_person", "doubt_code", "two_survivors", "circle"),
        comment="Customers who are one person: ids that became others, as of the latest night",
    )
    op.create_index("customer_person_person_id_idx", "customer_person", ["person_id"])


def _former_number() -> None:
    op.create_table(
        "former_number",
        _filled("phone_number", TEXT, "Phone number (E.164)"),
        _filled("customer_id", TEXT, "Customer who had it"),
        _filled("lost_on", sa.Date(), "Month of the first snapshot in which they had another"),
        sa.PrimaryKeyConstraint("phone_number", "customer_id", name="former_number_pk"),
        comment="Numbers that customers had before the one they have now",
    )


def _customer_opt_out() -> None:
    op.create_table(
        "customer_opt_out",
        _filled("customer_id", TEXT, "Customer"),
        _filled("phone_number", TEXT, "Number from which it was said (E.164)"),
        _filled("opted_out_at", INSTANT, "Since"),
        _filled("source_code", TEXT, "How it was said"),
        _maybe("inbound_id", sa.BigInteger(), "Inbound message that said so"),
        sa.PrimaryKeyConstraint("customer_id", "phone_number", name="customer_opt_out_pk"),
        _one_of("customer_opt_out", "source_code", "reply", "agent", "import"),
        comment="Customers who want no messages: for ever, whatever their number is by now",
    )
