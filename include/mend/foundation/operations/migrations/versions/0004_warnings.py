"""Warnings as the specialists' desktops read them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.String()


def upgrade() -> None:
    op.create_table(
        "customer_warning",
        _filled("customer_id", TEXT, "Customer"),
        _filled("first_warned_on", sa.Date(), "First night of the warning"),
        _filled("last_warned_on", sa.Date(), "Latest night that listed her"),
        _filled("is_new", sa.Boolean(), "New on the latest night"),
        _filled("is_listed", sa.Boolean(), "On the latest night's list"),
        _filled("level", sa.Integer(), "Level"),
        sa.Column("probability_7_percent", sa.Numeric(12, 2), comment="Probability of a complaint within 7 days"),
        sa.Column("probability_30_percent", sa.Numeric(12, 2), comment="Probability of a complaint within 30 days"),
        _filled("department_code", TEXT, "Department in charge"),
        _filled("owner_id", TEXT, "Specialist who owns it"),
        _filled("grumble_id", TEXT, "Most pressing grumble"),
        sa.Column("grumble_type_code", TEXT, comment="Its point or area"),
        sa.Column("survey_item_code", TEXT, comment="Survey item"),
        _filled("strategy_code", TEXT, "Strategy"),
        _filled("strategy_en", TEXT, "Strategy in English"),
        _filled("strategy_zh", TEXT, "Strategy in Chinese"),
        _filled("reasons_en", TEXT, "Reasons in English"),
        _filled("reasons_zh", TEXT, "Reasons in Chinese"),
        sa.PrimaryKeyConstraint("customer_id", name="customer_warning_pk"),
        sa.CheckConstraint("first_warned_on <= last_warned_on", name=op.f("customer_warning_order_check")),
        comment="Warnings of the latest night and of the quiet period before it: a customer once",
    )
    for column in ("owner_id", "department_code"):
        op.create_index(f"customer_warning_{column}_last_warned_on_idx", "customer_warning", [column, "last_warned_on"])


def downgrade() -> None:
    op.drop_table("customer_warning")


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)
