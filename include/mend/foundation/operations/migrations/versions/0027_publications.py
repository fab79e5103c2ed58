"""What a publication has read; contacts by day beside incoming_customer; a digest of the row that a story begins with."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        _filled("publication_code", sa.String(), "Publication"),
        _filled("part_code", sa.String(), 'Part: a month, or "all"'),
        _filled("shape_digest", sa.String(), "Digest of the models and rules that made its rows"),
        _filled("files", JSONB(), "Files of each input"),
        sa.PrimaryKeyConstraint("publication_code", "part_code", name="publication_pk"),
        comment="Which files of the lake a publication for pages and answers has read: what came and went since is made again",
    )
    op.create_table(
        "incoming_contact_day",
        _filled("subject_on", sa.Date(), "Day"),
        _filled("customer_id", sa.String(), "Customer"),
        _filled("contact_count", sa.BigInteger(), "Contacts"),
        sa.PrimaryKeyConstraint("subject_on", "customer_id", name="incoming_contact_day_pk"),
        comment="Contacts of a customer on a day, for answers about a grumble that comes in: the last weeks. A night adds its own",
    )
    words = "MD5 of what it tells of the month's row in mart_damage_month"
    op.add_column("page_customer_month", sa.Column("row_digest", sa.String(), nullable=True, comment=words))
    op.drop_column("incoming_customer", "contact_days")  # the next night publishes the days


def downgrade() -> None:
    op.drop_column("page_customer_month", "row_digest")
    op.add_column("incoming_customer", sa.Column("contact_days", sa.String(), comment="Days with contacts"))
    op.drop_table("incoming_contact_day")
    op.drop_table("publication")


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)
