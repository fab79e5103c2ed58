"""Plain words: what a reply counts as; who took up a message that was not let through, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

VALUES = ("first", "later", "opt_out", "opt_in", "unclear", "unmatched")


def upgrade() -> None:
    _rename("standing_code", "counts_as_code", "What it counts as")
    op.add_column("survey_refusal", sa.Column("handler_id", sa.String(), nullable=True, comment="The person"))


def downgrade() -> None:
    op.drop_column("survey_refusal", "handler_id")
    _rename("counts_as_code", "standing_code", "What it counts for")


def _rename(before: str, after: str, comment: str) -> None:
    op.drop_constraint(op.f(f"survey_reply_{before}_check"), "survey_reply", type_="check")
    op.alter_column("survey_reply", before, new_column_name=after, existing_type=sa.String(), comment=comment)
    allowed = ", ".join(f"'{value}'" for value in VALUES)
    op.create_check_constraint(op.f(f"survey_reply_{after}_check"), "survey_reply", f"{after} in ({allowed})")
