"""An action may be withheld because its customer is held out by an id that became theirs after the list was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RULES = "Why it is withheld or goes to a person: a reason of the contact rules, sent_before"


def upgrade() -> None:
    _comment(f"{RULES}, same_person or held_out")


def downgrade() -> None:
    _comment(f"{RULES} or same_person")


def _comment(words: str) -> None:
    op.alter_column("campaign_action", "reason_code", existing_type=sa.String(), existing_nullable=True, comment=words)
