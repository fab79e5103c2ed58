"""What pages say of a list's candidates: what came of each, and which gates each strategy closed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_candidate",
        _filled("list_id", sa.String(), "List: month and version, such as 2026-03-v1"),
        _filled("customer_id", sa.String(), "Customer: the id of the person"),
        _filled("month", sa.String(), "Closed damage month"),
        _filled("place", sa.Integer(), "Place in the worst-first order"),
        _filled("level", sa.Integer(), "Level"),
        _filled("score", sa.Numeric(9, 3), "Score"),
        _filled("city_code", sa.String(), "City"),
        _filled("outcome_code", sa.String(), "What came of it"),
        _filled("is_universal_hold_out", sa.Boolean(), "In the universal arm of the season"),
        _filled("pattern_number", sa.Integer(), "Pattern of gates"),
        _filled("listed", JSONB(), "Their rows of the list"),
        sa.PrimaryKeyConstraint("list_id", "customer_id", name="page_candidate_pk"),
        comment="A candidate of a month's list: what came of them, with their rows of it",
    )
    op.create_index("page_candidate_month_idx", "page_candidate", ["month"])
    op.create_table(
        "page_candidate_pattern",
        _filled("list_id", sa.String(), "List"),
        _filled("pattern_number", sa.Integer(), "Pattern of gates"),
        _filled("content", JSONB(), "Per strategy: whether it is owed, the gates failed, the arm"),
        sa.PrimaryKeyConstraint("list_id", "pattern_number", name="page_candidate_pattern_pk"),
        comment="A pattern of gates of a month's list: per strategy every gate that was failed",
    )


def downgrade() -> None:
    op.drop_table("page_candidate_pattern")
    op.drop_table("page_candidate")


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)
