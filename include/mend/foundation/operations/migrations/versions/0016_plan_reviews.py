"""Reviews of marketing plans."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_review",
        sa.Column("event_number", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Event, in order"),
        _filled("plan_id", sa.String(), "Plan"),
        _filled("round_number", sa.Integer(), "Round: a changed plan begins the next"),
        _filled("event_code", sa.String(), "What happened"),
        _open("department_code", sa.String(), "Department; empty for the opening and the approval"),
        _filled("decided_by", sa.String(), "Who"),
        _filled("decided_through", sa.String(), "How it came: a command with the system's user, or a run of Airflow"),
        _filled("at", sa.DateTime(timezone=True), "When"),
        _open("scores", JSONB(), "Score of each criterion, 1 to 10"),
        _open("reason", sa.String(), "Why, in the person's words"),
        _filled("content_sha256", sa.String(), "SHA-256 of the plan's content"),
        _filled("rules_from", sa.Date(), "First day of the rules under which the round began"),
        _open("elements", JSONB(), "Elements that the plan had when the round began"),
        sa.PrimaryKeyConstraint("event_number", name="plan_review_pk"),
        sa.UniqueConstraint("plan_id", "round_number", "event_code", "department_code", name="plan_review_plan_id_key", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("event_code in ('opened', 'passed', 'returned', 'approved', 'refused')", name=op.f("plan_review_event_code_check")),
        comment="What happened in the reviews of marketing plans; rows are only added",
    )
    op.create_index("plan_review_plan_id_idx", "plan_review", ["plan_id"])


def downgrade() -> None:
    op.drop_table("plan_review")


def _filled(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _open(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)
