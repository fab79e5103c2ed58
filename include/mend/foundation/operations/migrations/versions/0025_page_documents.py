"""What a page shows of a month, whole."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_document",
        _filled("page_code", sa.String(), "Page"),
        _filled("part_code", sa.String(), "Month (YYYY-MM)"),
        _filled("through_on", sa.Date(), "Last business date that it knows of"),
        _filled("content", JSONB(), "What the page shows"),
        _filled("published_at", sa.DateTime(timezone=True), "When"),
        sa.PrimaryKeyConstraint("page_code", "part_code", name="page_document_pk"),
        comment="Small results of a month that a page shows whole",
    )


def downgrade() -> None:
    op.drop_table("page_document")


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)
