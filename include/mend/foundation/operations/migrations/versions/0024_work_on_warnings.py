"""What people do with warnings; and, for their page, the line and the levels of the latest night."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

EVENTS = ("accepted", "noted", "done", "reassigned")
RESULTS = ("comforted", "solved", "not_comforted", "not_reached", "no_need")
TABLES = ("warning_event", "warning_capacity", "warning_level_count")


def upgrade() -> None:
    _warning_event()
    _warning_capacity()
    _warning_level_count()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _warning_event() -> None:
    op.create_table(
        "warning_event",
        sa.Column("event_number", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Event, in order"),
        _filled("customer_id", sa.String(), "Customer"),
        _filled("first_warned_on", sa.Date(), "First night of the warning"),
        _filled("event_code", sa.String(), "What happened"),
        sa.Column("owner_id", sa.String(), comment="Whose it is from then on, with accepting and reassigning"),
        sa.Column("result_code", sa.String(), comment="What came of it, with done"),
        sa.Column("note_text", sa.String(), comment="Their words"),
        _filled("happened_at", sa.DateTime(timezone=True), "When"),
        _filled("recorded_by", sa.String(), "Who"),
        _filled("recorded_through", sa.String(), "How: the page, or a command with the system's user"),
        sa.PrimaryKeyConstraint("event_number", name="warning_event_pk"),
        sa.CheckConstraint(f"event_code in {EVENTS}", name=op.f("warning_event_event_code_check")),
        sa.CheckConstraint(f"result_code in {RESULTS}", name=op.f("warning_event_result_code_check")),
        comment="What people did with a warning: accepted, noted, done, reassigned; rows are only added",
    )
    columns = ["customer_id", "first_warned_on"]
    op.create_index("warning_event_customer_id_first_warned_on_idx", "warning_event", columns)


def _warning_capacity() -> None:
    op.create_table(
        "warning_capacity",
        _filled("department_code", sa.String(), "Department"),
        _filled("day_on", sa.Date(), "The night's business date"),
        _filled("specialist_count", sa.Integer(), "Specialists"),
        _filled("capacity_minutes", sa.Numeric(9, 3), "Minutes of the specialists' day"),
        _filled("needed_minutes", sa.Numeric(9, 3), "Minutes that the list takes"),
        _filled("candidate_count", sa.BigInteger(), "Customers whose most pressing grumble it answers for"),
        _filled("listed_count", sa.BigInteger(), "Customers above the line"),
        _filled("new_count", sa.BigInteger(), "New ones among them"),
        sa.Column("line_level", sa.Integer(), comment="Level at which the line stands; empty when nobody is above it"),
        sa.Column("line_percent", sa.Numeric(12, 2), comment="7-day probability of the last customer above it"),
        _filled("words_en", sa.String(), "The same in words"),
        _filled("words_zh", sa.String(), "The same in Chinese"),
        sa.PrimaryKeyConstraint("department_code", name="warning_capacity_pk"),
        comment="Where each department's warning line stands on the latest night, and why",
    )


def _warning_level_count() -> None:
    key = ("department_code", "grumble_type_code", "behaviour_code", "level")
    op.create_table(
        "warning_level_count",
        _filled("department_code", sa.String(), "Department in charge"),
        _filled("grumble_type_code", sa.String(), 'Grumble point or area; "unclassified" when there is none'),
        _filled("behaviour_code", sa.String(), 'Behaviour cluster; "unknown" when there is none'),
        _filled("level", sa.Integer(), "Level"),
        _filled("day_on", sa.Date(), "The night's business date"),
        _filled("grumble_count", sa.BigInteger(), "Open grumbles of that level"),
        _filled("above_count", sa.BigInteger(), "Of them above the line"),
        sa.Column("line_level", sa.Integer(), comment="Lowest level above the line in this type and cluster"),
        sa.PrimaryKeyConstraint(*key, name="warning_level_count_pk"),
        comment="Open grumbles of the latest night by type, behaviour cluster and level, with those above the line",
    )


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)
