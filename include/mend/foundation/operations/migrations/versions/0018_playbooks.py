"""Playbooks of call labels and follow-up tickets, and compensation under them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LABEL = "Playbook of the case, of those pinned with the list; empty: published before there were any"
TICKET = "Playbook of the case; empty until the lists are written again"
SEVERITY = "How severe the case is: 1 to 4"


def upgrade() -> None:
    for table, words in (("routing_entry", LABEL), ("follow_up_work", TICKET)):
        op.add_column(table, _open("playbook_code", sa.String(), words))
        op.add_column(table, _open("severity", sa.Integer(), SEVERITY))
    _campaign_playbook()
    _compensation_grant()


def downgrade() -> None:
    op.drop_table("compensation_grant")
    op.drop_table("campaign_playbook")
    for table in ("follow_up_work", "routing_entry"):
        op.drop_column(table, "severity")
        op.drop_column(table, "playbook_code")


def _campaign_playbook() -> None:
    op.create_table(
        "campaign_playbook",
        _filled("list_id", sa.String(), "List"),
        _filled("valid_from", sa.Date(), "First day of the playbooks' version"),
        _filled("playbooks_sha256", sa.String(), "SHA-256 of their text"),
        _filled("playbooks_text", sa.String(), "Their text"),
        sa.PrimaryKeyConstraint("list_id", name="campaign_playbook_pk"),
        comment="The playbooks as they were when a list was published: its call labels keep them",
    )


def _compensation_grant() -> None:
    op.create_table(
        "compensation_grant",
        _filled("request_key", sa.String(), "Names the request, however often it comes"),
        _filled("event_number", sa.Integer(), "1 what was asked for, 2 what was decided"),
        _filled("event_code", sa.String(), "What happened"),
        _filled("customer_id", sa.String(), "Customer"),
        _filled("about_code", sa.String(), "What the case is"),
        _filled("about_id", sa.String(), "Follow-up ticket, list and strategy of a call label, or grumble of a warning"),
        _filled("playbook_code", sa.String(), "Playbook"),
        _filled("playbooks_valid_from", sa.Date(), "First day of the playbooks' version"),
        _filled("severity", sa.Integer(), "How severe the case is"),
        _filled("amount", sa.Integer(), "Yuan"),
        _filled("level_code", sa.String(), "Authority level of who acted"),
        _open("to_level_code", sa.String(), "Level that must decide; empty: within the own authority"),
        _filled("limits", JSONB(), "Yuan that each level may give for the case"),
        _filled("given_before", sa.Integer(), "Yuan given for the case before"),
        _filled("customer_grants", sa.Integer(), "Compensations of the customer within the days of the look"),
        _filled("customer_yuan", sa.Integer(), "Yuan of these"),
        _filled("is_look_due", sa.Boolean(), "A person looks at the customer's history; nothing is withheld for it"),
        _filled("acted_by", sa.String(), "Who"),
        _filled("acted_through", sa.String(), "How it came"),
        _filled("acted_at", sa.DateTime(timezone=True), "When"),
        _filled("reason", sa.String(), "Why, in the person's words"),
        sa.PrimaryKeyConstraint("request_key", "event_number", name="compensation_grant_pk"),
        *_checks(),
        comment="Compensation of a case: asked for, then granted or declined; rows are only added",
    )
    columns = ["about_code", "about_id"]
    op.create_index("compensation_grant_customer_id_acted_at_idx", "compensation_grant", ["customer_id", "acted_at"])
    op.create_index("compensation_grant_about_code_about_id_idx", "compensation_grant", columns)


def _checks() -> list[sa.CheckConstraint]:
    conditions = {
        "event_code": "event_code in ('asked', 'granted', 'declined')",
        "about_code": "about_code in ('follow_up', 'label', 'warning')",
        "amount": "amount > 0",
        "severity": "severity between 1 and 4",
        "numbered": "(event_number = 1) = (event_code = 'asked') and event_number in (1, 2)",
        "waits": "(event_code = 'asked') or to_level_code is null",
    }
    return [
        sa.CheckConstraint(condition, name=op.f(f"compensation_grant_{name}_check"))
        for name, condition in conditions.items()
    ]


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _open(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=True, comment=comment)
