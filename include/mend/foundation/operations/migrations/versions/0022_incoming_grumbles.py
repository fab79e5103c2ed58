"""What answers about incoming grumbles need, and the work on key grumble points."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _incoming_customer()
    _incoming_basis()
    _key_point_work()


def downgrade() -> None:
    for table in ("key_point_work", "incoming_basis", "incoming_customer"):
        op.drop_table(table)


def _incoming_customer() -> None:
    op.create_table(
        "incoming_customer",
        _filled("customer_id", sa.String(), "Customer"),
        _open("city_code", sa.String(), "City"),
        _open("joined_on", sa.Date(), "Joined on"),
        _open("arpu_amount", sa.Numeric(12, 2), "ARPU of the latest snapshot"),
        _open("value_code", sa.String(), "Value cluster; empty when not clustered yet"),
        _open("behaviour_code", sa.String(), "Behaviour cluster; empty when not clustered yet"),
        _open("grumble_days", sa.String(), "Days with grumbles: days since 1970-01-01 and number, such as 20488:2,20490:1"),
        _open("complaint_days", sa.String(), "Days with complaints"),
        _open("contact_days", sa.String(), "Days with contacts"),
        _open("open_grumbles", sa.String(), "Open grumbles: area and day, such as marketing:20488"),
        sa.PrimaryKeyConstraint("customer_id", name="incoming_customer_pk"),
        comment="What the latest night knows of each customer, for answers about a grumble that comes in",
    )  # fmt: skip


def _incoming_basis() -> None:
    op.create_table(
        "incoming_basis",
        _filled("name", sa.String(), "Which"),
        _filled("night_on", sa.Date(), "The night that wrote it"),
        _filled("digest", sa.String(), "SHA-256 of the content"),
        _filled("content", sa.String(), "The content: numbers and words, nothing that runs"),
        sa.PrimaryKeyConstraint("name", name="incoming_basis_pk"),
        sa.CheckConstraint("name in ('in_force', 'classifier')", name=op.f("incoming_basis_name_check")),
        comment="What answers about incoming grumbles rest on: rules, models, associations, taxonomy and cut points in force, as JSON",
    )


def _key_point_work() -> None:
    op.create_table(
        "key_point_work",
        sa.Column("work_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Work"),
        _filled("month", sa.String(), "Month in which the point was a key one"),
        _filled("grumble_type_code", sa.String(), "Grumble point or area"),
        _filled("cluster_code", sa.String(), 'Cluster; "all" for everybody'),
        _open("duty_code", sa.String(), "Duty that it was done under; empty when it is none of the list"),
        _filled("work_text", sa.String(), "What was done"),
        _filled("result_text", sa.String(), "What came of it"),
        _filled("done_by", sa.String(), "Who did it"),
        _filled("done_at", sa.DateTime(timezone=True), "When it was recorded"),
        sa.PrimaryKeyConstraint("work_id", name="key_point_work_pk"),
        comment="Work on key grumble points with its result, as it was recorded; none is ever changed",
    )
    op.create_index("key_point_work_grumble_type_code_done_at_idx", "key_point_work", ["grumble_type_code", "done_at"])


def _filled(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _open(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)
