"""As what somebody answered a corrective action, and where the answer was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "touchpoint_answer"
CHECK = "touchpoint_answer_answered_as_code_check"


def upgrade() -> None:
    words = "As what they answered; empty before it was asked"
    op.add_column(TABLE, sa.Column("answered_as_code", sa.String(), nullable=True, comment=words))
    op.add_column(TABLE, sa.Column("answered_through", sa.String(), nullable=True, comment="Where it was given"))
    op.create_check_constraint(op.f(CHECK), TABLE, "answered_as_code in ('owner', 'deputy', 'manager')")


def downgrade() -> None:
    op.drop_constraint(op.f(CHECK), TABLE, type_="check")
    op.drop_column(TABLE, "answered_through")
    op.drop_column(TABLE, "answered_as_code")
