"""Surveys: events, addresses, surveys, what contact rules count, replies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
LONG = sa.BigInteger()
# What else than the relay's own checks speaks against a queued message now; null: nothing. The relay may ask when it claims.
RECHECK = """
create function contact_recheck(message_key text, at_time timestamptz) returns text language sql stable as $$
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
    _service_event()
    _event_file()
    _event_reject()
    _contact_address()
    _known_ticket()
    _survey()
    _survey_refusal()
    _contact_reservation()
    _contact_budget()
    _survey_reply()
    op.execute(RECHECK)


def downgrade() -> None:
    op.execute("drop function contact_recheck(text, timestamptz)")
    for table in (
        "survey_reply",
        "contact_budget",
        "contact_reservation",
        "survey_refusal",
        "survey",
        "known_ticket",
        "contact_address",
        "event_reject",
        "event_file",
        "service_event",
    ):
        op.drop_table(table)


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _maybe(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"{table}_{column}_check"))


def _service_event() -> None:
    op.create_table(
        "service_event",
        _filled("event_id", TEXT, "Event, named by its source"),
        _filled("kind_code", TEXT, "What happened"),
        _filled("customer_id", TEXT, "Customer"),
        _maybe("phone_number", TEXT, "Phone number (E.164) as the event has it; else that of the snapshot"),
        _maybe("language_code", TEXT, "Language; empty: told by the number"),
        _maybe("topic_code", TEXT, "Topic"),
        _maybe("ticket_kind_code", TEXT, "Kind of the ticket"),
        _maybe("outcome_code", TEXT, "How it ended (a contact's outcome, a repair's outcome)"),
        _maybe("city_code", TEXT, "City"),
        _maybe("handler_id", TEXT, "Handler"),
        _filled("about_kind_code", TEXT, "What it is about"),
        _filled("about_id", TEXT, "The contact, ticket or campaign"),
        _filled("happened_at", INSTANT, "Happened"),
        _maybe("promised_at", INSTANT, "Answer promised by"),
        _filled("source_code", TEXT, "How it came: an event file, the nightly tables, or our own follow-up"),
        _filled("taken_at", INSTANT, "End of the run's interval that took it in"),
        _maybe("dispatched_at", INSTANT, "End of the run's interval that decided on surveys; empty when yet to be decided"),
        _maybe("followed_at", INSTANT, "End of the run's interval that decided on follow-up"),
        sa.PrimaryKeyConstraint("event_id", name="service_event_pk"),
        _one_of(
            "service_event",
            "kind_code",
            "contact_ended",
            "ticket_archived",
            "complaint_filed",
            "ticket_suspended",
            "repair_done",
            "callback_booked",
            "follow_up_answered",
            "follow_up_progress",
            "campaign",
        ),
        _one_of("service_event", "language_code", "en", "zh"),
        _one_of("service_event", "ticket_kind_code", "enquiry", "grumble", "complaint"),
        _one_of("service_event", "about_kind_code", "contact", "ticket", "campaign"),
        _one_of("service_event", "source_code", "live", "night", "follow_up"),
        comment="Something that happened to a customer and may trigger a survey or a follow-up, each once",
    )
    op.create_index("service_event_dispatched_at_happened_at_idx", "service_event", ["dispatched_at", "happened_at"])
    op.create_index("service_event_followed_at_happened_at_idx", "service_event", ["followed_at", "happened_at"])
    op.create_index("service_event_kind_code_happened_at_idx", "service_event", ["kind_code", "happened_at"])


def _event_file() -> None:
    op.create_table(
        "event_file",
        _filled("fingerprint", TEXT, "SHA-256 of its content"),
        _filled("file_name", TEXT, "Name of the file, without folder"),
        _filled("line_count", LONG, "Lines that are not blank"),
        _filled("accepted_count", LONG, "Events that were new"),
        _filled("known_count", LONG, "Events that came before"),
        _filled("rejected_count", LONG, "Lines set aside"),
        _filled("taken_at", INSTANT, "End of the run's interval"),
        sa.PrimaryKeyConstraint("fingerprint", name="event_file_pk"),
        sa.CheckConstraint("line_count = accepted_count + known_count + rejected_count", name=op.f("event_file_reconciled_check")),
        comment="An event file that was read, once by its content",
    )


def _event_reject() -> None:
    op.create_table(
        "event_reject",
        _filled("fingerprint", TEXT, "Content of the file"),
        _filled("line_number", LONG, "Line, from 1"),
        _filled("reason_code", TEXT, "Reason"),
        _maybe("column_name", TEXT, "Field"),
        _filled("raw_line", TEXT, "The line as it came"),
        _filled("taken_at", INSTANT, "End of the run's interval"),
        sa.PrimaryKeyConstraint("fingerprint", "line_number", name="event_reject_pk"),
        comment="A line of an event file that is no event, with the reason",
    )


def _contact_address() -> None:
    op.create_table(
        "contact_address",
        _filled("customer_id", TEXT, "Customer"),
        _maybe("phone_number", TEXT, "Phone number (E.164)"),
        _filled("zones", TEXT, "Time zones the number may be in, separated by commas"),
        _filled("language_code", TEXT, "Language"),
        _maybe("city_code", TEXT, "City"),
        _maybe("has_survey_consent", sa.Boolean(), "Consents to surveys; empty: never asked"),
        _maybe("has_marketing_consent", sa.Boolean(), "Consents to marketing; empty: never asked"),
        _filled("is_active", sa.Boolean(), "Still a subscriber"),
        _filled("snapshot_on", sa.Date(), "Month of the snapshot"),
        sa.PrimaryKeyConstraint("customer_id", name="contact_address_pk"),
        _one_of("contact_address", "language_code", "en", "zh"),
        comment="Where and whether a customer may be written to, from the latest monthly snapshot",
    )
    op.create_index("contact_address_phone_number_idx", "contact_address", ["phone_number"])


def _known_ticket() -> None:
    op.create_table(
        "known_ticket",
        _filled("ticket_id", TEXT, "Ticket"),
        _filled("customer_id", TEXT, "Customer"),
        _maybe("topic_code", TEXT, "Topic"),
        _filled("opened_at", INSTANT, "Opened"),
        _maybe("closed_at", INSTANT, "Closed; empty: open"),
        sa.PrimaryKeyConstraint("ticket_id", name="known_ticket_pk"),
        comment="Tickets as last heard of, by event or by night: while one on the same matter is open no survey is sent",
    )
    op.create_index("known_ticket_customer_id_topic_code_idx", "known_ticket", ["customer_id", "topic_code"])


def _survey() -> None:
    op.create_table(
        "survey",
        _filled("survey_id", TEXT, "Trigger and what it asks about; the key of its message in sms_outbox too"),
        _filled("trigger_code", TEXT, "Trigger"),
        _filled("purpose_code", TEXT, "Measure"),
        _filled("consent_code", TEXT, "Kind of message for consent and caps"),
        _filled("is_promised", sa.Boolean(), "Belongs to a promised follow-up"),
        _filled("needs_consent", sa.Boolean(), "Consent of its kind must be given (not for news of the customer's own complaint)"),
        _filled("event_id", TEXT, "Event that triggered it"),
        _filled("customer_id", TEXT, "Customer"),
        _filled("phone_number", TEXT, "Phone number (E.164)"),
        _filled("zones", TEXT, "Time zones the number may be in, separated by commas"),
        _filled("language_code", TEXT, "Language"),
        _maybe("topic_code", TEXT, "Topic"),
        _maybe("city_code", TEXT, "City"),
        _filled("about_kind_code", TEXT, "What it asks about"),
        _filled("about_id", TEXT, "The contact, ticket or campaign asked about"),
        _maybe("questionnaire_code", TEXT, "Questionnaire; empty: no answer is asked for"),
        _filled("rule_version", sa.Date(), "Version of the rules"),
        _filled("happened_at", INSTANT, "Moment it follows"),
        _filled("queued_at", INSTANT, "End of the run's interval that queued it"),
        _filled("not_before", INSTANT, "To be sent from"),
        _filled("valid_until", INSTANT, "Answers count until"),
        _filled("state_code", TEXT, "State"),
        _maybe("sent_at", INSTANT, "Sent"),
        _maybe("extension_code", TEXT, "Extension of our number it was sent from"),
        _maybe("replied_at", INSTANT, "First valid answer"),
        _maybe("inbound_id", LONG, "Inbound message that answered it"),
        _maybe("meaning_code", TEXT, "What the answer means"),
        _maybe("score", sa.Integer(), "Score given"),
        _maybe("score_scale", sa.Integer(), "Highest score of the scale"),
        _maybe("is_solved", sa.Boolean(), "Customer says solved"),
        sa.PrimaryKeyConstraint("survey_id", name="survey_pk"),
        _one_of("survey", "purpose_code", "hang_up", "complex_question", "second_follow_up", "resurvey", "campaign", "progress"),
        _one_of("survey", "consent_code", "service", "commercial"),
        _one_of("survey", "language_code", "en", "zh"),
        _one_of("survey", "about_kind_code", "contact", "ticket", "campaign"),
        _one_of("survey", "state_code", "queued", "sent", "answered", "silent", "not_sent"),
        _one_of("survey", "meaning_code", "solved", "unsolved", "score"),
        comment="A question put to a customer by SMS: why, when, and the answer",
    )
    op.create_index("survey_phone_number_not_before_idx", "survey", ["phone_number", "not_before"])
    op.create_index("survey_state_code_valid_until_idx", "survey", ["state_code", "valid_until"])
    op.create_index("survey_purpose_code_happened_at_idx", "survey", ["purpose_code", "happened_at"])
    op.create_index("survey_replied_at_idx", "survey", ["replied_at"])


def _survey_refusal() -> None:
    op.create_table(
        "survey_refusal",
        _filled("survey_id", TEXT, "Trigger and what it would have asked about"),
        _filled("stage_code", TEXT, "Checked when queued, or when taken to be sent"),
        _filled("trigger_code", TEXT, "Trigger"),
        _filled("purpose_code", TEXT, "Measure"),
        _filled("event_id", TEXT, "Event"),
        _filled("customer_id", TEXT, "Customer"),
        _filled("reason_code", TEXT, "Reason"),
        _filled("is_promised", sa.Boolean(), "Belongs to a promised follow-up"),
        _filled("needs_person", sa.Boolean(), "A promise stands behind it, so a person takes it up"),
        _filled("refused_at", INSTANT, "End of the run's interval"),
        _maybe("handled_at", INSTANT, "A person took it up"),
        sa.PrimaryKeyConstraint("survey_id", "stage_code", name="survey_refusal_pk"),
        _one_of("survey_refusal", "stage_code", "enqueue", "claim"),
        comment="A message that the contact rules did not let through, with the reason",
    )
    op.create_index("survey_refusal_refused_at_idx", "survey_refusal", ["refused_at"])


def _contact_reservation() -> None:
    op.create_table(
        "contact_reservation",
        _filled("reservation_key", TEXT, "Key of its message"),
        _filled("customer_id", TEXT, "Customer"),
        _filled("phone_number", TEXT, "Phone number (E.164)"),
        _filled("consent_code", TEXT, "Kind of message"),
        _filled("is_promised", sa.Boolean(), "Belongs to a promised follow-up"),
        _filled("counts_at", INSTANT, "Moment for which it counts"),
        _filled("batch_key", TEXT, "Batch; a number stands in a batch once"),
        sa.PrimaryKeyConstraint("reservation_key", name="contact_reservation_pk"),
        sa.UniqueConstraint("phone_number", "batch_key", name="contact_reservation_phone_number_key", postgresql_nulls_not_distinct=True),
        _one_of("contact_reservation", "consent_code", "service", "commercial"),
        comment="A message counted against the caps, taken before it is queued",
    )
    op.create_index("contact_reservation_customer_id_counts_at_idx", "contact_reservation", ["customer_id", "counts_at"])
    op.create_index("contact_reservation_phone_number_counts_at_idx", "contact_reservation", ["phone_number", "counts_at"])


def _contact_budget() -> None:
    op.create_table(
        "contact_budget",
        _filled("budget_on", sa.Date(), "Day in the business zone"),
        _filled("consent_code", TEXT, "Kind of message"),
        _filled("used_count", LONG, "Messages counted"),
        sa.PrimaryKeyConstraint("budget_on", "consent_code", name="contact_budget_pk"),
        _one_of("contact_budget", "consent_code", "service", "commercial"),
        comment="Messages counted against a day's budget",
    )


def _survey_reply() -> None:
    op.create_table(
        "survey_reply",
        _filled("inbound_id", LONG, "Inbound message"),
        _maybe("survey_id", TEXT, "Survey it answers"),
        _filled("received_at", INSTANT, "Received"),
        _filled("read_at", INSTANT, "End of the run's interval that read it"),
        _filled("match_code", TEXT, "How the survey was found"),
        _filled("meaning_code", TEXT, "Meaning"),
        _maybe("score", sa.Integer(), "Score"),
        _filled("standing_code", TEXT, "What it counts for"),
        _filled("needs_person", sa.Boolean(), "Waits for a person"),
        _maybe("handled_at", INSTANT, "A person read it"),
        _maybe("handler_id", TEXT, "The person"),
        sa.PrimaryKeyConstraint("inbound_id", name="survey_reply_pk"),
        _one_of("survey_reply", "match_code", "extension", "only_open", "none", "ambiguous"),
        _one_of("survey_reply", "meaning_code", "solved", "unsolved", "score", "opt_out", "unclear"),
        _one_of("survey_reply", "standing_code", "first", "later", "opt_out", "unclear", "unmatched"),
        comment="What an inbound message was taken to mean: one row each, also those that answer nothing",
    )
    op.create_index("survey_reply_survey_id_idx", "survey_reply", ["survey_id"])
    op.create_index("survey_reply_needs_person_received_at_idx", "survey_reply", ["needs_person", "received_at"])
