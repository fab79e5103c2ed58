"""A callback that was made is a service event: its customer is asked how it was, and its follow-up is answered."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "service_event_kind_code_check"
KINDS = (
    "contact_ended", "ticket_archived", "complaint_filed", "ticket_suspended", "repair_done", "callback_booked", "follow_up_answered",
    "follow_up_progress", "campaign", "ticket_reopened",
)  # fmt: skip


def upgrade() -> None:
    _kinds(*KINDS, "callback_made")


def downgrade() -> None:
    op.execute("delete from service_event where kind_code = 'callback_made'")
    _kinds(*KINDS)


def _kinds(*codes: str) -> None:
    op.drop_constraint(op.f(NAME), "service_event", type_="check")
    op.create_check_constraint(op.f(NAME), "service_event", f"kind_code in ({', '.join(repr(code) for code in codes)})")
