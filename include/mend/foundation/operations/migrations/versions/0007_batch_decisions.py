"""Batches that a person withdrew or accepted, what the gate said of each, days to be made again, and what each source delivered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
STATUSES = "status_code in ('loading', 'loaded', 'core_loaded')"
STATUSES_NOW = "status_code in ('loading', 'loaded', 'core_loaded', 'withdrawn')"


def upgrade() -> None:
    _load_batch()
    _batch_decision()
    _day_due()
    _source_delivery()


def downgrade() -> None:
    for table in ("source_delivery", "day_due", "batch_decision"):
        op.drop_table(table)
    for column in ("folder", "gate_code", "is_accepted", "withdrawal_code"):
        op.drop_column("load_batch", column)
    op.drop_constraint(op.f("load_batch_status_code_check"), "load_batch", type_="check")
    op.execute("update load_batch set status_code = 'loaded' where status_code = 'withdrawn'")
    op.create_check_constraint(op.f("load_batch_status_code_check"), "load_batch", STATUSES)


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _maybe(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, comment=comment)


def _one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"{table}_{column}_check"))


def _load_batch() -> None:
    op.add_column("load_batch", _maybe("folder", TEXT, "Folder of the file; empty for a query"))
    op.add_column("load_batch", _maybe("gate_code", TEXT, "What the quality gate said of its rows; empty: not judged yet"))
    words = "A person lifted the gate's stop"
    accepted: sa.Column[Any] = sa.Column("is_accepted", sa.Boolean(), nullable=False, server_default=sa.false(), comment=words)
    op.add_column("load_batch", accepted)
    op.add_column("load_batch", _maybe("withdrawal_code", TEXT, "Why its rows do not count; empty: they do"))
    op.alter_column("load_batch", "is_accepted", server_default=None)
    op.execute("update load_batch set gate_code = 'passed' where status_code = 'core_loaded'")  # what came so far had passed
    op.create_check_constraint(op.f("load_batch_gate_code_check"), "load_batch", "gate_code in ('passed', 'stopped')")
    op.create_check_constraint(op.f("load_batch_withdrawal_code_check"), "load_batch", "withdrawal_code in ('person', 'gone')")
    op.drop_constraint(op.f("load_batch_status_code_check"), "load_batch", type_="check")
    op.create_check_constraint(op.f("load_batch_status_code_check"), "load_batch", STATUSES_NOW)


def _batch_decision() -> None:
    op.create_table(
        "batch_decision",
        sa.Column("batch_decision_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Decision, in order"),
        _filled("batch_number", sa.BigInteger(), "Batch"),
        _filled("decision_code", TEXT, "What was decided"),
        _filled("why", TEXT, "Why, in the person's words"),
        _filled("decided_by", TEXT, "Who"),
        _filled("decided_at", INSTANT, "When"),
        sa.PrimaryKeyConstraint("batch_decision_id", name="batch_decision_pk"),
        _one_of("batch_decision", "decision_code", "withdrawn", "returned", "accepted", "gone"),
        comment="What was decided about a batch after it came",
    )
    op.create_index("batch_decision_batch_number_idx", "batch_decision", ["batch_number"])


def _day_due() -> None:
    op.create_table(
        "day_due",
        _filled("business_date", sa.Date(), "Business date of the arrival"),
        _filled("marked_at", INSTANT, "When it was last marked"),
        _maybe("taken_from_on", sa.Date(), "First business date of the run that has taken it; empty: none has"),
        _maybe("taken_to_on", sa.Date(), "Last business date of that run"),
        sa.PrimaryKeyConstraint("business_date", name="day_due_pk"),
        comment="Business dates that the next run of the chain makes again, whatever days it is for",
    )


def _source_delivery() -> None:
    op.create_table(
        "source_delivery",
        _filled("source_code", TEXT, "Source"),
        _filled("business_date", sa.Date(), "Business date"),
        _filled("state_code", TEXT, "State"),
        _maybe("message", TEXT, "Why it failed; never a customer's data"),
        _filled("noted_at", INSTANT, "When"),
        sa.PrimaryKeyConstraint("source_code", "business_date", name="source_delivery_pk"),
        _one_of("source_delivery", "state_code", "awaited", "failed", "done"),
        comment="Whether a source's delivery of a business date was read",
    )
