"""Which home the database belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.String()


def upgrade() -> None:
    op.create_table(
        "home_identity",
        sa.Column("part_code", TEXT, nullable=False, comment="The part of the home that this database is"),
        sa.Column("home_id", TEXT, nullable=False, comment="The home's identity, the same as in its folder and its lake"),
        sa.PrimaryKeyConstraint("part_code", name="home_identity_pk"),
        sa.CheckConstraint("part_code in ('operations')", name=op.f("home_identity_part_code_check")),
        comment="Which home the database belongs to: one row",
    )


def downgrade() -> None:
    op.drop_table("home_identity")
