"""Answers of touchpoints' owners to their corrective actions: only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "touchpoint_answer",
        sa.Column("answer_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Answer"),
        sa.Column("action_id", sa.String(), nullable=False, comment="Action"),
        sa.Column("state_code", sa.String(), nullable=False, comment="What the owner says it is"),
        sa.Column("answered_by", sa.String(), nullable=False, comment="Who answered"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, comment="When"),
        sa.Column("answer_text", sa.String(), nullable=False, comment="Their words"),
        sa.PrimaryKeyConstraint("answer_id", name="touchpoint_answer_pk"),
        sa.CheckConstraint("state_code in ('open', 'done', 'dropped')", name=op.f("touchpoint_answer_state_code_check")),
        comment="Answers to corrective actions of touchpoints, as they were given; none is ever changed",
    )
    op.create_index("touchpoint_answer_action_id_answered_at_idx", "touchpoint_answer", ["action_id", "answered_at"])


def downgrade() -> None:
    op.drop_table("touchpoint_answer")
