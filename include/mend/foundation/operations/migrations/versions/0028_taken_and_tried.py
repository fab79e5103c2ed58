"""Who took up a reply of the manual queue; what-if questions about a list, and their answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = ("asked", "answered", "failed")


def upgrade() -> None:
    op.create_table(
        "reply_take",
        sa.Column("take_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Take, in order"),
        _filled("inbound_id", sa.BigInteger(), "Inbound message"),
        _filled("taken_by", sa.String(), "Who has it from then on"),
        sa.Column("taken_from", sa.String(), comment="Who had it before; empty when nobody had"),
        _filled("taken_at", sa.DateTime(timezone=True), "When"),
        _filled("taken_through", sa.String(), "How: the page, or a command with the system's user"),
        sa.PrimaryKeyConstraint("take_id", name="reply_take_pk"),
        comment="Who took up a reply that waits for a person, and from whom; the latest has it; rows are only added",
    )
    op.create_index("reply_take_inbound_id_take_id_idx", "reply_take", ["inbound_id", "take_id"])
    same = "Digest of list, strategies in force and changes: the same question is asked once"
    answer = "Both sides: customers and yuan by strategy, candidates by outcome, prices; no customer is named"
    asked = "Questions what a list would be under a strategy with other limits, asked on its page and answered by a run of Airflow"
    op.create_table(
        "list_trial",
        sa.Column("trial_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Question, in order"),
        _filled("list_id", sa.String(), "List"),
        _filled("strategy_code", sa.String(), "Strategy that is changed"),
        _filled("changes", JSONB(), "What is changed: key of the strategy and its value as written"),
        _filled("changes_sha256", sa.String(), same),
        _filled("state_code", sa.String(), "State"),
        _filled("asked_by", sa.String(), "Who asked"),
        _filled("asked_at", sa.DateTime(timezone=True), "When"),
        sa.Column("answered_at", sa.DateTime(timezone=True), comment="When it was answered or failed"),
        sa.Column("answer", JSONB(), comment=answer),
        sa.Column("problem_text", sa.String(), comment="Why it could not be answered"),
        sa.PrimaryKeyConstraint("trial_id", name="list_trial_pk"),
        sa.CheckConstraint(f"state_code in {STATES}", name=op.f("list_trial_state_code_check")),
        comment=asked,
    )
    op.create_index("list_trial_list_id_trial_id_idx", "list_trial", ["list_id", "trial_id"])


def downgrade() -> None:
    op.drop_table("list_trial")
    op.drop_table("reply_take")


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)
