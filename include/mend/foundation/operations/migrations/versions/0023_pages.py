"""What pages show of the lake's results; and each look at a customer's number or texts in the log of looks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("page_publication", "page_customer_month", "page_word", "page_source_day", "page_damage_count")
LOOKS = "access_log_what_code_check"
WHOSE = "Customer whose number or texts were looked at; empty: a list"


def upgrade() -> None:
    _looks("export", "reveal", "search")
    op.add_column("access_log", _open("customer_id", sa.String(), WHOSE))
    op.create_index("access_log_customer_id_idx", "access_log", ["customer_id"])
    _comments("How: a command with the system's user, or a page", "Which rows: channel and city of a list, or the page")
    _page_publication()
    _page_customer_month()
    _page_word()
    _page_source_day()
    _page_damage_count()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("delete from access_log where what_code <> 'export'")
    op.drop_index("access_log_customer_id_idx", "access_log")
    op.drop_column("access_log", "customer_id")
    _comments("How: a command with the system's user", "Which rows of it: channel and city")
    _looks("export")


def _looks(*codes: str) -> None:
    op.drop_constraint(op.f(LOOKS), "access_log", type_="check")
    op.create_check_constraint(op.f(LOOKS), "access_log", f"what_code in ({', '.join(repr(code) for code in codes)})")


def _comments(through: str, which: str) -> None:
    op.alter_column("access_log", "viewed_through", comment=through, existing_type=sa.String(), existing_nullable=False)
    op.alter_column("access_log", "filter", comment=which, existing_type=JSONB(), existing_nullable=False)


def _page_publication() -> None:
    op.create_table(
        "page_publication",
        _filled("table_code", sa.String(), "Table"),
        _filled("part_code", sa.String(), "Part of it: a month, a business date, or all"),
        _filled("through_on", sa.Date(), "Last business date that it knows of"),
        _filled("row_count", sa.BigInteger(), "Rows of the part"),
        _filled("changed_count", sa.BigInteger(), "Rows that the latest publication added or changed or took away"),
        _filled(
            "shape_digest", sa.String(), "MD5 of the models that made the rows; of other models the part is published again"
        ),
        _filled("published_at", sa.DateTime(timezone=True), "When"),
        sa.PrimaryKeyConstraint("table_code", "part_code", name="page_publication_pk"),
        comment="What was published for the pages, and through which business date it speaks",
    )


def _page_customer_month() -> None:
    op.create_table(
        "page_customer_month",
        _filled("month", sa.String(), "Month (YYYY-MM)"),
        _filled("customer_id", sa.String(), "Customer: the id of the person"),
        _filled("level", sa.Integer(), "Level"),
        _filled("score", sa.Numeric(9, 3), "Score"),
        _filled("segment_code", sa.String(), "Segment"),
        _open("lifecycle_stage_code", sa.String(), "Life-cycle stage"),
        _open("city_code", sa.String(), "City"),
        _filled("is_explicit", sa.Boolean(), "Said so"),
        _filled("has_left", sa.Boolean(), "Left"),
        _filled("is_closed", sa.Boolean(), "The month is closed; false is month-to-date"),
        _filled("content", JSONB(), "What the score is made of, and the month's contacts, surveys, tickets, warnings"),
        _filled("digest", sa.String(), "MD5 of the row; another one is a changed row"),
        sa.PrimaryKeyConstraint("month", "customer_id", name="page_customer_month_pk"),
        comment="A customer's story of a month: those with damage or an open matter",
    )
    op.create_index("page_customer_month_customer_id_idx", "page_customer_month", ["customer_id"])


def _page_word() -> None:
    op.create_table(
        "page_word",
        _filled("kind_code", sa.String(), "What the code is of"),
        _filled("code", sa.String(), "Code"),
        _filled("valid_from", sa.Date(), "First day of its version"),
        _filled("name_en", sa.String(), "Name in English"),
        _filled("name_zh", sa.String(), "Name in Chinese"),
        _open("points", sa.Integer(), "Points of an indicator, below zero for a repair"),
        sa.PrimaryKeyConstraint("kind_code", "code", "valid_from", name="page_word_pk"),
        sa.CheckConstraint("kind_code in ('indicator', 'grumble_type')", name=op.f("page_word_kind_code_check")),
        comment="Words of codes that rules define: indicators and credits, grumble points",
    )


def _page_source_day() -> None:
    op.create_table(
        "page_source_day",
        _filled("arrived_on", sa.Date(), "Business date of the arrival"),
        _filled("source_code", sa.String(), "Source"),
        _filled("record_code", sa.String(), "Record"),
        _filled("arrived_count", sa.BigInteger(), "Rows that arrived"),
        _filled("accepted_count", sa.BigInteger(), "Rows that count"),
        _filled("quarantined_count", sa.BigInteger(), "Rows in quarantine"),
        _filled("superseded_count", sa.BigInteger(), "Rows that a later correction replaced"),
        sa.PrimaryKeyConstraint("arrived_on", "source_code", "record_code", name="page_source_day_pk"),
        comment="What arrived on a business date, by source and record, and what became of it",
    )


def _page_damage_count() -> None:
    op.create_table(
        "page_damage_count",
        _filled("as_of_on", sa.Date(), "Last business date of the run; of a closed month its last day"),
        _filled("month", sa.String(), "Month (YYYY-MM)"),
        _filled("level", sa.Integer(), "Level"),
        _filled("segment_code", sa.String(), "Segment"),
        _filled("customer_count", sa.BigInteger(), "Customers"),
        _filled("explicit_count", sa.BigInteger(), "Of them those who said so"),
        _filled("is_closed", sa.Boolean(), "The month is closed"),
        sa.PrimaryKeyConstraint("as_of_on", "month", "level", "segment_code", name="page_damage_count_pk"),
        comment="Damaged customers of a month by level and segment, as of a business date",
    )
    op.create_index("page_damage_count_month_idx", "page_damage_count", ["month"])


def _filled(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=words)


def _open(name: str, kind: Any, words: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=words)
