"""Follow-up: handlers, tickets as events, notices and work lists."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
LONG = sa.BigInteger()


def upgrade() -> None:
    _follow_up_handler()
    _follow_up_ticket()
    _follow_up_event()
    _follow_up_refusal()
    _follow_up_notice()
    _follow_up_work()


def downgrade() -> None:
    for name in ("work", "notice", "refusal", "event", "ticket", "handler"):
        op.drop_table(f"follow_up_{name}")


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _maybe(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"{table}_{column}_check"))


def _follow_up_handler() -> None:
    op.create_table(
        "follow_up_handler",
        _filled("handler_id", TEXT, "Handler"),
        _filled("team_code", TEXT, "Team"),
        _filled("tier", sa.Integer(), "Tier: 1, 2 or 3 (province)"),
        _maybe("topic_codes", TEXT, "Topics, separated by commas; empty: all"),
        _filled("is_active", sa.Boolean(), "Takes tickets now"),
        sa.PrimaryKeyConstraint("handler_id", name="follow_up_handler_pk"),
        comment="Who takes follow-up tickets",
    )


def _follow_up_ticket() -> None:
    op.create_table(
        "follow_up_ticket",
        _filled("follow_up_id", TEXT, "Follow-up ticket"),
        _filled("measure_code", TEXT, "Measure"),
        _filled("customer_id", TEXT, "Customer"),
        _filled("about_kind_code", TEXT, "What it is about"),
        _filled("about_id", TEXT, "The contact or ticket"),
        _maybe("survey_id", TEXT, "Survey whose answer opened it"),
        _maybe("topic_code", TEXT, "Topic"),
        _maybe("city_code", TEXT, "City"),
        _filled("state_code", TEXT, "State"),
        _filled("tier", sa.Integer(), "Tier"),
        _filled("team_code", TEXT, "Team"),
        _maybe("handler_id", TEXT, "Handler"),
        _filled("opened_at", INSTANT, "First opened; stays through every reopening"),
        _filled("phase_at", INSTANT, "Start of the clock that runs now (opening or escalation)"),
        _filled("limit_seconds", LONG, "Time limit of this clock"),
        _filled("is_working_time", sa.Boolean(), "The limit counts working hours"),
        _maybe("promised_at", INSTANT, "Promised time, which takes the limit's place"),
        _maybe("due_at", INSTANT, "Limit reached at; empty while the clock stands or has stopped"),
        _maybe("left_seconds", LONG, "Time left when the clock stood still; negative: past"),
        _maybe("wake_at", INSTANT, "Wakes by itself at"),
        _filled("legal_due_at", INSTANT, "Legal limit; never pauses"),
        _maybe("first_due_at", INSTANT, "Limit of the first clock, for reports; empty while it stands"),
        _maybe("first_answered_at", INSTANT, "First answer to the customer"),
        _maybe("is_reached", sa.Boolean(), "Customer reached; empty: not tried"),
        _maybe("is_solved", sa.Boolean(), "Customer is satisfied"),
        _maybe("is_promise_kept", sa.Boolean(), "Answered within the first limit; empty while undecided"),
        _filled("reopen_count", sa.Integer(), "Times reopened"),
        _filled("complaint_count", sa.Integer(), "Complaints on the matter, the first included"),
        _maybe("closed_at", INSTANT, "Closed"),
        _filled("event_count", sa.Integer(), "Events so far"),
        _filled("changed_at", INSTANT, "Latest event"),
        sa.PrimaryKeyConstraint("follow_up_id", name="follow_up_ticket_pk"),
        _one_of("follow_up_ticket", "measure_code", "complex_question", "second_follow_up", "booking", "suspended_complaint"),
        _one_of("follow_up_ticket", "about_kind_code", "contact", "ticket", "campaign"),
        _one_of("follow_up_ticket", "state_code", "open", "in_progress", "waiting_customer", "suspended", "answered", "closed"),
        comment="A follow-up ticket as its events leave it; can be rebuilt from them",
    )
    op.create_index("follow_up_ticket_state_code_due_at_idx", "follow_up_ticket", ["state_code", "due_at"])
    op.create_index("follow_up_ticket_handler_id_state_code_idx", "follow_up_ticket", ["handler_id", "state_code"])
    op.create_index("follow_up_ticket_customer_id_topic_code_idx", "follow_up_ticket", ["customer_id", "topic_code"])
    op.create_index("follow_up_ticket_measure_code_opened_at_idx", "follow_up_ticket", ["measure_code", "opened_at"])


def _follow_up_event() -> None:
    op.create_table(
        "follow_up_event",
        _filled("event_key", TEXT, "Names the event, whoever records it and however often"),
        _filled("follow_up_id", TEXT, "Follow-up ticket"),
        _filled("event_number", sa.Integer(), "Number within the ticket, from 1"),
        _filled("event_code", TEXT, "Event"),
        _filled("happened_at", INSTANT, "Happened"),
        _filled("facts", JSONB(), "What the event carries: handler, tier, limit, until, reached"),
        sa.PrimaryKeyConstraint("event_key", name="follow_up_event_pk"),
        sa.UniqueConstraint("follow_up_id", "event_number", name="follow_up_event_follow_up_id_key", postgresql_nulls_not_distinct=True),
        comment="An event of a follow-up ticket, each once",
    )


def _follow_up_refusal() -> None:
    op.create_table(
        "follow_up_refusal",
        _filled("event_key", TEXT, "Event"),
        _filled("follow_up_id", TEXT, "Follow-up ticket"),
        _filled("event_code", TEXT, "Event"),
        _filled("state_code", TEXT, "State it met"),
        _filled("reason_code", TEXT, "Reason"),
        _filled("happened_at", INSTANT, "Happened"),
        sa.PrimaryKeyConstraint("event_key", name="follow_up_refusal_pk"),
        comment="An event that the state machine refused, with the reason",
    )


def _follow_up_notice() -> None:
    op.create_table(
        "follow_up_notice",
        _filled("notice_key", TEXT, "Ticket, clock and kind"),
        _filled("follow_up_id", TEXT, "Follow-up ticket"),
        _filled("kind_code", TEXT, "Kind"),
        _filled("team_code", TEXT, "Team"),
        _maybe("handler_id", TEXT, "Handler"),
        _maybe("due_at", INSTANT, "Limit it speaks of"),
        _filled("noticed_at", INSTANT, "Moment it fell due"),
        sa.PrimaryKeyConstraint("notice_key", name="follow_up_notice_pk"),
        _one_of(
            "follow_up_notice",
            "kind_code",
            "before_limit",
            "at_limit",
            "before_legal",
            "at_legal",
            "woken",
            "escalated",
            "complained_again",
            "unassigned",
        ),
        comment="A notice to a handler or team, each once",
    )
    op.create_index("follow_up_notice_noticed_at_idx", "follow_up_notice", ["noticed_at"])
    op.create_index("follow_up_notice_follow_up_id_idx", "follow_up_notice", ["follow_up_id"])


def _follow_up_work() -> None:
    op.create_table(
        "follow_up_work",
        _filled("follow_up_id", TEXT, "Follow-up ticket"),
        _filled("listed_at", INSTANT, "As of"),
        _filled("team_code", TEXT, "Team"),
        _filled("team_position", LONG, "Place in the team's list"),
        _maybe("handler_id", TEXT, "Handler"),
        _maybe("handler_position", LONG, "Place in the handler's list"),
        _filled("measure_code", TEXT, "Measure"),
        _filled("tier", sa.Integer(), "Tier"),
        _filled("state_code", TEXT, "State"),
        _filled("customer_id", TEXT, "Customer"),
        _maybe("phone_masked", TEXT, "Phone number without its middle digits"),
        _maybe("topic_code", TEXT, "Topic"),
        _maybe("due_at", INSTANT, "Limit"),
        _maybe("left_seconds", LONG, "Time left on the clock; negative: past the limit"),
        _filled("legal_left_seconds", LONG, "Time left to the legal limit"),
        _filled("is_past_limit", sa.Boolean(), "Past its limit"),
        sa.PrimaryKeyConstraint("follow_up_id", name="follow_up_work_pk"),
        comment="The work lists: open tickets by handler and team, the most urgent first, as of the latest clock step",
    )
    op.create_index("follow_up_work_team_code_team_position_idx", "follow_up_work", ["team_code", "team_position"])
    op.create_index("follow_up_work_handler_id_handler_position_idx", "follow_up_work", ["handler_id", "handler_position"])
