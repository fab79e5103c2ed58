"""Problems that are routed to departments: what happened to each, only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

EVENTS = ("opened", "acknowledged", "passed", "returned", "answered", "goes_on", "measured")
LEVELS = ("province", "city", "branch")


def upgrade() -> None:
    op.create_table(
        "problem_event",
        sa.Column("event_number", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Event, in order"),
        sa.Column("problem_id", sa.String(), nullable=False, comment="Problem: month, department, survey item, where"),
        sa.Column("event_place", sa.Integer(), nullable=False, comment="Place among the problem's events, from 1"),
        sa.Column("round_number", sa.Integer(), nullable=False, comment="Round: a problem whose measure has not moved begins the next"),
        sa.Column("event_code", sa.String(), nullable=False, comment="What happened"),
        sa.Column("department_code", sa.String(), comment="Department whose part it is about; empty where it is about the whole problem"),
        sa.Column("level_code", sa.String(), comment="Level of the part"),
        sa.Column("city_code", sa.String(), comment='City of the part; "all": the province'),
        sa.Column("to_department_code", sa.String(), comment="Department that it was passed to"),
        sa.Column("to_level_code", sa.String(), comment="Level that it was passed to"),
        sa.Column("to_city_code", sa.String(), comment="City that it was passed to"),
        sa.Column("month", sa.String(), comment="Month of the figures that an opening or a measure rests on"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="When; of an opening: when its clock begins"),
        sa.Column("decided_by", sa.String(), nullable=False, comment="Who; of openings and measures: the step"),
        sa.Column("decided_through", sa.String(), nullable=False, comment="How it came: a command with the system's user, or the step"),
        sa.Column("reason", sa.String(), comment="Why it was passed or returned"),
        sa.Column("measure_text", sa.String(), comment="What is done about it"),
        sa.Column("details", JSONB(), comment="Of an opening: names, factors, departments and figures; of a measure: its figures"),
        sa.Column("rules_from", sa.Date(), nullable=False, comment="First day of the rules of the round"),
        sa.PrimaryKeyConstraint("event_number", name="problem_event_pk"),
        sa.UniqueConstraint("problem_id", "event_place", name="problem_event_problem_id_key", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint(_one_of("event_code", EVENTS), name=op.f("problem_event_event_code_check")),
        sa.CheckConstraint(_one_of("level_code", LEVELS), name=op.f("problem_event_level_code_check")),
        sa.CheckConstraint(_one_of("to_level_code", LEVELS), name=op.f("problem_event_to_level_code_check")),
        comment="What happened to routed problems: opened, acknowledged, passed, returned, answered, measured; rows are only added",
    )  # fmt: skip
    op.create_index("problem_event_problem_id_idx", "problem_event", ["problem_id"])


def downgrade() -> None:
    op.drop_table("problem_event")


def _one_of(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(code) for code in codes)})"
