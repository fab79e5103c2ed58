"""A round of a plan's review keeps the text of its rules, not their day alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "plan_review", sa.Column("rules", JSONB(), nullable=True, comment="Rules under which the round began, whole; with the opening")
    )


def downgrade() -> None:
    op.drop_column("plan_review", "rules")
