"""The SMS room: outbox and parts, receipts, inbound messages, opt-outs, accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sms_account()
    _sms_account_day()
    _sms_link()
    _sms_outbox()
    _sms_part()
    _sms_receipt()
    _sms_inbound()
    _sms_inbound_part()
    _sms_opt_out()


def downgrade() -> None:
    for table in (
        "sms_opt_out",
        "sms_inbound_part",
        "sms_inbound",
        "sms_receipt",
        "sms_part",
        "sms_outbox",
        "sms_link",
        "sms_account_day",
        "sms_account",
    ):
        op.drop_table(table)


def _sms_account() -> None:
    op.create_table(
        "sms_account",
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("transport_code", sa.String(), nullable=False, comment="How its messages travel"),
        sa.Column("sender_number", sa.String(), nullable=False, comment="Our number; customers answer to it and an extension"),
        sa.Column("window_size", sa.Integer(), nullable=False, comment="Message parts under way without an answer at most"),
        sa.Column("max_a_second", sa.Integer(), nullable=True, comment="Message parts a second at most; empty: no limit"),
        sa.Column("max_a_day", sa.BigInteger(), nullable=True, comment="Messages a business day at most; empty: no limit"),
        sa.Column("reserved_a_day", sa.BigInteger(), nullable=False, comment="Of these only for promised messages"),
        sa.CheckConstraint("transport_code in ('smpp', 'http')", name=op.f("sms_account_transport_code_check")),
        sa.PrimaryKeyConstraint("account_code", name=op.f("sms_account_pk")),
        comment="An account at a message centre: whose number we send from, and how much a day and at once",
    )


def _sms_account_day() -> None:
    op.create_table(
        "sms_account_day",
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("sent_on", sa.Date(), nullable=False, comment="Business day"),
        sa.Column("sent_count", sa.BigInteger(), nullable=False, comment="Messages whose sending began"),
        sa.PrimaryKeyConstraint("account_code", "sent_on", name=op.f("sms_account_day_pk")),
        comment="How many messages an account began to send on a business day",
    )


def _sms_link() -> None:
    op.create_table(
        "sms_link",
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("owner_code", sa.String(), nullable=False, comment="Relay process that holds it"),
        sa.Column("state_code", sa.String(), nullable=False, comment="State"),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False, comment="In this state since"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="Last seen at work"),
        sa.CheckConstraint("state_code in ('connecting', 'bound', 'closed')", name=op.f("sms_link_state_code_check")),
        sa.PrimaryKeyConstraint("account_code", name=op.f("sms_link_pk")),
        comment="Who holds an account's link to the message centre, and when it was last seen at work",
    )


def _sms_outbox() -> None:
    op.create_table(
        "sms_outbox",
        sa.Column("message_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Message"),
        sa.Column(
            "dedup_key",
            sa.String(),
            nullable=False,
            comment="What makes it this message and no other: a second one of the same key is not taken in",
        ),
        sa.Column("account_code", sa.String(), nullable=False, comment="Account that sends it"),
        sa.Column("purpose_code", sa.String(), nullable=False, comment="Purpose (survey, follow_up, progress, care, consolidation ...)"),
        sa.Column("purpose_kind_code", sa.String(), nullable=False, comment="Service or commercial"),
        sa.Column("campaign_code", sa.String(), nullable=True, comment="Campaign"),
        sa.Column("customer_id", sa.String(), nullable=False, comment="Customer"),
        sa.Column("phone_number", sa.String(), nullable=False, comment="Subscriber's number (E.164)"),
        sa.Column("text", sa.String(), nullable=False, comment="Text"),
        sa.Column("language_code", sa.String(), nullable=True, comment="Language of the text"),
        sa.Column("sender_number", sa.String(), nullable=False, comment="Our number"),
        sa.Column(
            "extension",
            sa.String(),
            nullable=True,
            comment="Extension of our number, which tells open surveys of one subscriber apart; given when claimed",
        ),
        sa.Column("questionnaire_code", sa.String(), nullable=True, comment="Questionnaire"),
        sa.Column("survey_id", sa.String(), nullable=True, comment="Survey"),
        sa.Column("about_kind_code", sa.String(), nullable=True, comment="What it is about: contact, ticket, repair, campaign ..."),
        sa.Column("about_id", sa.String(), nullable=True, comment="Id of what it is about"),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, comment="Not sent before"),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False, comment="Not sent after; a receipt is awaited one more day"),
        sa.Column(
            "reply_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="An answer counts until; empty: no answer expected, no extension",
        ),
        sa.Column(
            "quiet_zones",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Time zones the customer may be in; the hours must be allowed in each",
        ),
        sa.Column("allowed_from", sa.String(), nullable=True, comment="Local time from which it may be sent (HH:MM); empty: at any hour"),
        sa.Column("allowed_until", sa.String(), nullable=True, comment="Local time before which it may be sent (HH:MM)"),
        sa.Column("is_promised", sa.Boolean(), nullable=False, comment="Promised to the customer: goes first, and uses the reserved room"),
        sa.Column("state_code", sa.String(), nullable=False, comment="State"),
        sa.Column("state_reason", sa.String(), nullable=True, comment="Why: the rule, or the message centre's code"),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Looked at next: not_before, later after a refusal for now or in quiet hours",
        ),
        sa.Column("claimed_by", sa.String(), nullable=True, comment="Relay process"),
        sa.Column(
            "lease_until", sa.DateTime(timezone=True), nullable=True, comment="Claimed until; another claim may take it up after that"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="Times its sending began"),
        sa.Column("part_count", sa.Integer(), nullable=True, comment="Parts it travels in"),
        sa.Column("enqueued_at", sa.DateTime(timezone=True), nullable=False, comment="Taken in"),
        sa.Column("submitting_at", sa.DateTime(timezone=True), nullable=True, comment="Its sending last began"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True, comment="Taken by the message centre"),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True, comment="Nothing more is awaited since"),
        sa.CheckConstraint(
            "(final_at is not null) or state_code in ('pending', 'claimed', 'submitting', 'submitted', 'unknown')",
            name=op.f("sms_outbox_final_check"),
        ),
        sa.CheckConstraint("jsonb_typeof(quiet_zones) = 'array'", name=op.f("sms_outbox_zones_check")),
        sa.CheckConstraint("purpose_kind_code in ('service', 'commercial')", name=op.f("sms_outbox_purpose_kind_code_check")),
        sa.CheckConstraint(
            "state_code in ('pending', 'claimed', 'submitting', 'submitted', 'delivered', "
            "'undelivered', 'failed', 'unknown', 'expired', 'suppressed')",
            name=op.f("sms_outbox_state_code_check"),
        ),
        sa.CheckConstraint("(allowed_from is null) = (allowed_until is null)", name=op.f("sms_outbox_hours_check")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("sms_outbox_pk")),
        sa.UniqueConstraint("dedup_key", name=op.f("sms_outbox_dedup_key_key"), postgresql_nulls_not_distinct=True),
        comment="Outbox: a message to a customer, once whatever dies; only the account's relay sends",
    )
    op.create_index(
        op.f("sms_outbox_account_code_state_code_is_promised_due_at_message_id_idx"),
        "sms_outbox",
        ["account_code", "state_code", "is_promised", "due_at", "message_id"],
        unique=False,
    )
    op.create_index(op.f("sms_outbox_customer_id_enqueued_at_idx"), "sms_outbox", ["customer_id", "enqueued_at"], unique=False)
    op.create_index(op.f("sms_outbox_phone_number_idx"), "sms_outbox", ["phone_number"], unique=False)


def _sms_part() -> None:
    op.create_table(
        "sms_part",
        sa.Column("message_id", sa.BigInteger(), nullable=False, comment="Message"),
        sa.Column("part_number", sa.Integer(), nullable=False, comment="Part, from 1"),
        sa.Column("state_code", sa.String(), nullable=False, comment="State; refused: for now, in so many words, so it may be sent again"),
        sa.Column("smsc_message_id", sa.String(), nullable=True, comment="The message centre's id for it"),
        sa.Column("error_code", sa.String(), nullable=True, comment="The message centre's code"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, comment="In this state since"),
        sa.CheckConstraint(
            "state_code in ('submitting', 'refused', 'submitted', 'delivered', 'undelivered', 'failed', 'unknown')",
            name=op.f("sms_part_state_code_check"),
        ),
        sa.PrimaryKeyConstraint("message_id", "part_number", name=op.f("sms_part_pk")),
        comment="A part of a message, from the moment its sending began",
    )
    op.create_index(op.f("sms_part_smsc_message_id_idx"), "sms_part", ["smsc_message_id"], unique=False)


def _sms_receipt() -> None:
    op.create_table(
        "sms_receipt",
        sa.Column("receipt_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Receipt"),
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("smsc_message_id", sa.String(), nullable=False, comment="The message centre's id"),
        sa.Column("phone_number", sa.String(), nullable=False, comment="Subscriber"),
        sa.Column("to_number", sa.String(), nullable=False, comment="Our number with extension"),
        sa.Column("outcome_code", sa.String(), nullable=False, comment="What it reports (delivered, undelivered, ...)"),
        sa.Column("error_code", sa.String(), nullable=True, comment="Error code in it"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="Arrived"),
        sa.Column("state_code", sa.String(), nullable=False, comment="Parked, or applied later"),
        sa.CheckConstraint("state_code in ('parked', 'applied')", name=op.f("sms_receipt_state_code_check")),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("sms_receipt_pk")),
        comment="Delivery receipts that fit no part (yet): parked as they came",
    )
    op.create_index(
        op.f("sms_receipt_account_code_state_code_smsc_message_id_idx"),
        "sms_receipt",
        ["account_code", "state_code", "smsc_message_id"],
        unique=False,
    )
    op.create_index(op.f("sms_receipt_received_at_idx"), "sms_receipt", ["received_at"], unique=False)


def _sms_inbound() -> None:
    op.create_table(
        "sms_inbound",
        sa.Column("inbound_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Inbound message"),
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("phone_number", sa.String(), nullable=False, comment="Subscriber's number (E.164)"),
        sa.Column("to_number", sa.String(), nullable=False, comment="Our number and extension, as it arrived"),
        sa.Column("extension", sa.String(), nullable=True, comment="Extension; empty when it was stripped on the way"),
        sa.Column("text", sa.String(), nullable=False, comment="Text"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="Arrived"),
        sa.Column(
            "digest", sa.String(), nullable=False, comment="SHA-256 of what arrived; the same within minutes is the same message sent again"
        ),
        sa.Column(
            "state_code",
            sa.String(),
            nullable=False,
            comment="New, matched (its meaning stored), unclear (for a person), parked (cannot be read)",
        ),
        sa.Column("state_reason", sa.String(), nullable=True, comment="Why"),
        sa.Column(
            "match_code",
            sa.String(),
            nullable=False,
            comment="How its message was found: by extension, as the only open one; or several open, or none",
        ),
        sa.Column("message_id", sa.BigInteger(), nullable=True, comment="Message it answers"),
        sa.Column("survey_id", sa.String(), nullable=True, comment="Survey it answers"),
        sa.Column("raw", sa.String(), nullable=True, comment="What arrived, in hexadecimal, when it could not be read"),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True, comment="Left the state new"),
        sa.CheckConstraint("match_code in ('extension', 'only_open', 'several', 'none')", name=op.f("sms_inbound_match_code_check")),
        sa.CheckConstraint("state_code in ('new', 'matched', 'unclear', 'parked')", name=op.f("sms_inbound_state_code_check")),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("sms_inbound_pk")),
        comment="Messages from customers, each stored before the message centre is told that we have it",
    )
    op.create_index(op.f("sms_inbound_digest_idx"), "sms_inbound", ["digest"], unique=False)
    op.create_index(op.f("sms_inbound_phone_number_received_at_idx"), "sms_inbound", ["phone_number", "received_at"], unique=False)
    op.create_index(op.f("sms_inbound_state_code_received_at_idx"), "sms_inbound", ["state_code", "received_at"], unique=False)


def _sms_inbound_part() -> None:
    op.create_table(
        "sms_inbound_part",
        sa.Column("part_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Part"),
        sa.Column("account_code", sa.String(), nullable=False, comment="Account"),
        sa.Column("phone_number", sa.String(), nullable=False, comment="Subscriber"),
        sa.Column("to_number", sa.String(), nullable=False, comment="Our number and extension"),
        sa.Column("reference", sa.Integer(), nullable=False, comment="The sender's number for the whole message"),
        sa.Column("part_total", sa.Integer(), nullable=False, comment="Parts in all"),
        sa.Column("part_number", sa.Integer(), nullable=False, comment="Part, from 1"),
        sa.Column("content", sa.String(), nullable=False, comment="Content in hexadecimal"),
        sa.Column("data_coding", sa.Integer(), nullable=False, comment="SMPP data coding"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="Arrived"),
        sa.PrimaryKeyConstraint("part_id", name=op.f("sms_inbound_part_pk")),
        sa.UniqueConstraint(
            "account_code",
            "phone_number",
            "to_number",
            "reference",
            "part_total",
            "part_number",
            name=op.f("sms_inbound_part_account_code_key"),
            postgresql_nulls_not_distinct=True,
        ),
        comment="Parts of inbound messages that wait for the others",
    )
    op.create_index(op.f("sms_inbound_part_received_at_idx"), "sms_inbound_part", ["received_at"], unique=False)


def _sms_opt_out() -> None:
    op.create_table(
        "sms_opt_out",
        sa.Column("phone_number", sa.String(), nullable=False, comment="Subscriber's number (E.164)"),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=False, comment="Since"),
        sa.Column("source_code", sa.String(), nullable=False, comment="How it was said"),
        sa.Column("inbound_id", sa.BigInteger(), nullable=True, comment="Inbound message that said so"),
        sa.CheckConstraint("source_code in ('reply', 'agent', 'import')", name=op.f("sms_opt_out_source_code_check")),
        sa.PrimaryKeyConstraint("phone_number", name=op.f("sms_opt_out_pk")),
        comment="Numbers that want no messages: at once, for ever, across campaigns",
    )
