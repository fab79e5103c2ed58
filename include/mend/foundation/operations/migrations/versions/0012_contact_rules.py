"""The contact rules stand in one place, the statements of mend.care.contact_rules: their copy in the database goes."""

from __future__ import annotations

from importlib import util
from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop function contact_recheck(text, timestamptz)")


def downgrade() -> None:
    """The function as migration 0006 left it."""
    spec = util.spec_from_file_location("own_order", Path(__file__).with_name("0006_own_order.py"))
    assert spec is not None
    assert spec.loader is not None
    own_order = util.module_from_spec(spec)
    spec.loader.exec_module(own_order)
    op.execute(own_order.RECHECK)
