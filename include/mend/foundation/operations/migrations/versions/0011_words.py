"""A customer is "they" in the comments of the tables, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _comment("Latest night that listed them")


def downgrade() -> None:
    _comment("Latest night that listed her")


def _comment(words: str) -> None:
    op.alter_column("customer_warning", "last_warned_on", existing_type=sa.Date(), existing_nullable=False, comment=words)
