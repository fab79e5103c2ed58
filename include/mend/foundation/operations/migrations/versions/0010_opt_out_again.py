"""An opt-out that is said again is also that of whoever has the number by then."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AGAIN = """
create trigger sms_opt_out_bind_again after update of opted_out_at on sms_opt_out
for each row execute function bind_opt_out_at_once()
"""


def upgrade() -> None:
    op.execute(AGAIN)


def downgrade() -> None:
    op.execute("drop trigger sms_opt_out_bind_again on sms_opt_out")
