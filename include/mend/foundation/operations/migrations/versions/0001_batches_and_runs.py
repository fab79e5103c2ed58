"""Batches, loaded days, run history, quality results and published lists."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _load_batch()
    _loaded_day()
    _run_step()
    _quality_result()
    _published_list()


def downgrade() -> None:
    for table in ("published_list", "quality_result", "run_step", "loaded_day", "load_batch"):
        op.drop_table(table)


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _numbered(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), sa.Identity(always=False), nullable=False, comment=comment)


def _load_batch() -> None:
    op.create_table(
        "load_batch",
        _numbered("batch_number", "Batch, numbered at its first arrival"),
        _filled("source_code", sa.String(), "Source"),
        _filled("record_code", sa.String(), "Record"),
        sa.Column(
            "business_date",
            sa.Date(),
            comment="Business date; empty for the rows of a file whose own day cannot be read",
        ),
        _filled("arrived_on", sa.Date(), "Business date its rows carry as arrived_on"),
        _filled("fingerprint", sa.String(), "SHA-256 of the content, unpacked"),
        _filled("mapping_fingerprint", sa.String(), "SHA-256 of the source's configuration that read it"),
        _filled("file_name", sa.String(), "Name of the file, without folder, or of the query"),
        _filled("provided_columns", JSONB(), "Contract columns that the source maps"),
        _filled("line_count", sa.BigInteger(), "Records in the file or result (no header, no blank line)"),
        _filled("accepted_count", sa.BigInteger(), "Records of this batch that the parse gate accepted"),
        _filled("rejected_count", sa.BigInteger(), "Records of this batch that it rejected"),
        _filled("outside_count", sa.BigInteger(), "Records that belong to other batches of the file"),
        _filled("repaired_count", sa.BigInteger(), "Cells of this batch left empty because their value was unusable"),
        _filled("status_code", sa.String(), "How far it has come"),
        _filled("registered_at", INSTANT, "First seen"),
        sa.Column("loaded_at", INSTANT, comment="Its raw rows were committed"),
        sa.PrimaryKeyConstraint("batch_number", name="load_batch_pk"),
        sa.UniqueConstraint(
            "source_code",
            "record_code",
            "fingerprint",
            "business_date",
            name="load_batch_source_code_key",
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("status_code in ('loading', 'loaded', 'core_loaded')", name=op.f("load_batch_status_code_check")),
        sa.CheckConstraint(
            "status_code = 'loading' or line_count = accepted_count + rejected_count + outside_count",
            name=op.f("load_batch_reconciled_check"),
        ),
        comment="A batch: what one file or query result holds of one business date. The same content of the same date is the same batch",
    )
    op.create_index("load_batch_business_date_record_code_idx", "load_batch", ["business_date", "record_code"])


def _loaded_day() -> None:
    op.create_table(
        "loaded_day",
        _filled("business_date", sa.Date(), "Business date"),
        _filled("core_loaded_at", INSTANT, "When the core tables last took it in"),
        sa.PrimaryKeyConstraint("business_date", name="loaded_day_pk"),
        comment="Business dates whose core tables are loaded, also those on which nothing arrived",
    )


def _run_step() -> None:
    op.create_table(
        "run_step",
        _numbered("run_step_id", "Run of a step"),
        _filled("step_code", sa.String(), "Step"),
        _filled("from_on", sa.Date(), "First business date"),
        _filled("to_on", sa.Date(), "Last business date"),
        _filled("started_at", INSTANT, "Started"),
        sa.Column("ended_at", INSTANT, comment="Ended"),
        _filled("state_code", sa.String(), "State"),
        _filled("counts", JSONB(), "What it counted"),
        sa.Column("message", sa.String(), comment="Why it failed; never a customer's data"),
        sa.PrimaryKeyConstraint("run_step_id", name="run_step_pk"),
        sa.CheckConstraint("state_code in ('running', 'done', 'failed')", name=op.f("run_step_state_code_check")),
        comment="Run history: one step of the chain over a range of business dates",
    )
    op.create_index("run_step_step_code_started_at_idx", "run_step", ["step_code", "started_at"])


def _quality_result() -> None:
    op.create_table(
        "quality_result",
        _numbered("quality_result_id", "Result"),
        _filled("suite_code", sa.String(), "Suite"),
        _filled("record_code", sa.String(), "Record"),
        _filled("rule_id", sa.String(), "Rule"),
        _filled("severity_code", sa.String(), "Severity"),
        sa.Column("business_date", sa.Date(), comment="Business date"),
        sa.Column("batch_number", sa.BigInteger(), comment="Batch; empty when the rule looks at all of them"),
        _filled("unexpected_count", sa.BigInteger(), "Rows that broke the rule"),
        _filled("element_count", sa.BigInteger(), "Rows looked at"),
        _filled("is_passed", sa.Boolean(), "Passed"),
        _filled("checked_at", INSTANT, "Checked"),
        sa.PrimaryKeyConstraint("quality_result_id", name="quality_result_pk"),
        sa.CheckConstraint("severity_code in ('critical', 'warning', 'info')", name=op.f("quality_result_severity_code_check")),
        comment="Verdict of one quality rule on one batch",
    )
    op.create_index("quality_result_business_date_record_code_idx", "quality_result", ["business_date", "record_code"])
    op.create_index("quality_result_batch_number_idx", "quality_result", ["batch_number"])


def _published_list() -> None:
    op.create_table(
        "published_list",
        _filled("list_id", sa.String(), "List"),
        _filled("month", sa.String(), "Month (YYYY-MM)"),
        _filled("version", sa.Integer(), "Version within the month, from 1"),
        _filled("sha256", sa.String(), "SHA-256 of its content"),
        _filled("row_count", sa.BigInteger(), "Rows"),
        _filled("published_at", INSTANT, "Published"),
        sa.PrimaryKeyConstraint("list_id", name="published_list_pk"),
        sa.UniqueConstraint("month", "version", name="published_list_month_key", postgresql_nulls_not_distinct=True),
        comment="A list that was published for a month, each version kept",
    )
