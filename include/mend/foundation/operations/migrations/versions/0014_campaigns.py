"""Lists of campaigns: decided, published, recalled; the access log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    "campaign_list", "campaign_decision", "campaign_strategy", "routing_entry", "campaign_action", "access_log",
)


def upgrade() -> None:
    _campaign_list()
    _campaign_decision()
    _campaign_strategy()
    _routing_entry()
    _campaign_action()
    _access_log()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _campaign_list() -> None:
    op.create_table(
        "campaign_list",
        _filled("list_id", sa.String(), "List: month and version, such as 2026-03-v1"),
        _filled("month", sa.String(), "Closed damage month"),
        _filled("version", sa.Integer(), "Version of the month's campaign"),
        _filled("content_sha256", sa.String(), "SHA-256 of its content: what is published must have it still"),
        _filled("state_code", sa.String(), "State"),
        _filled("row_count", sa.BigInteger(), "Rows of the list"),
        _filled("summary", JSONB(), "What the approver was shown"),
        _filled("needs_bias_reason", sa.Boolean(), "The bias check stops the approval until a person writes why"),
        _filled("registered_at", sa.DateTime(timezone=True), "Put before the approvers"),
        _open("published_at", sa.DateTime(timezone=True), "Published"),
        _open("folder", sa.String(), "Folder of its files, below the lists"),
        _open("draft_folder", sa.String(), "Where the files stand until they are moved there"),
        _open("published", JSONB(), "Counts of what was published: files, actions, routing entries, messages, those withheld by reason"),
        _open("recalled_at", sa.DateTime(timezone=True), "Recalled"),
        sa.PrimaryKeyConstraint("list_id", name="campaign_list_pk"),
        sa.UniqueConstraint("month", "version", name="campaign_list_month_key", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("state_code in ('draft', 'approved', 'refused', 'published', 'recalled')", name=op.f("campaign_list_state_code_check")),
        sa.CheckConstraint("(published_at is not null) = (state_code in ('published', 'recalled'))", name=op.f("campaign_list_published_check")),
        sa.CheckConstraint("(recalled_at is not null) = (state_code = 'recalled')", name=op.f("campaign_list_recalled_check")),
        comment="A version of a month's campaign, from draft to published or refused; its rows stand in mart_campaign_list",
    )


def _campaign_decision() -> None:
    op.create_table(
        "campaign_decision",
        sa.Column("decision_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Decision, in order"),
        _filled("list_id", sa.String(), "List"),
        _filled("decision_code", sa.String(), "What was decided"),
        _filled("decided_by", sa.String(), "Who"),
        _filled("decided_through", sa.String(), "How it came: a command with the system's user, or a run of Airflow"),
        _filled("decided_at", sa.DateTime(timezone=True), "When"),
        _open("reason", sa.String(), "Why, in the person's words"),
        _open("bias_reason", sa.String(), "Why the shares of groups may differ as they do"),
        sa.PrimaryKeyConstraint("decision_id", name="campaign_decision_pk"),
        sa.UniqueConstraint("list_id", "decision_code", name="campaign_decision_list_id_key", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("decision_code in ('approved', 'refused', 'published', 'recalled')", name=op.f("campaign_decision_decision_code_check")),
        comment="What was decided about a list, by whom and why; rows are only added",
    )


def _campaign_strategy() -> None:
    op.create_table(
        "campaign_strategy",
        _filled("list_id", sa.String(), "List"),
        _filled("strategy_code", sa.String(), "Strategy"),
        _filled("name_en", sa.String(), "Name in English"),
        _filled("name_zh", sa.String(), "Name in Chinese"),
        _filled("label_en", sa.String(), "Call label in English, its places open"),
        _filled("label_zh", sa.String(), "Call label in Chinese, its places open"),
        _filled("playbook_en", sa.String(), "What the agent does and says"),
        _filled("playbook_zh", sa.String(), "The same in Chinese"),
        sa.PrimaryKeyConstraint("list_id", "strategy_code", name="campaign_strategy_pk"),
        comment="The strategies of a published list in words, for agent desktops",
    )


def _routing_entry() -> None:
    op.create_table(
        "routing_entry",
        _filled("list_id", sa.String(), "List"),
        _filled("customer_id", sa.String(), "Customer: the id of the person"),
        _filled("strategy_code", sa.String(), "Strategy"),
        _filled("channel_code", sa.String(), "Channel"),
        _filled("is_priority", sa.Boolean(), "Their calls go first"),
        _filled("level", sa.Integer(), "Level"),
        _filled("label_en", sa.String(), "Call label in English"),
        _filled("label_zh", sa.String(), "Call label in Chinese"),
        _filled("valid_from", sa.Date(), "First day"),
        _filled("valid_until", sa.Date(), "Last day"),
        _open("recalled_at", sa.DateTime(timezone=True), "Recalled: counts no more since"),
        sa.PrimaryKeyConstraint("list_id", "customer_id", "strategy_code", name="routing_entry_pk"),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("routing_entry_order_check")),
        comment="What IVR and agent desktops know of a listed customer: priority and call label",
    )
    op.create_index("routing_entry_customer_id_valid_until_idx", "routing_entry", ["customer_id", "valid_until"])


def _campaign_action() -> None:
    op.create_table(
        "campaign_action",
        _filled("list_id", sa.String(), "List"),
        _filled("strategy_code", sa.String(), "Strategy"),
        _filled("customer_id", sa.String(), "Customer: the id of the person"),
        _filled("city_code", sa.String(), "City"),
        _filled("channel_code", sa.String(), "Channel"),
        _filled("action_code", sa.String(), "Action"),
        _filled("consent_code", sa.String(), "What the customer must have agreed to"),
        _filled("rank", sa.Integer(), "Rank within strategy and city"),
        _filled("amount", sa.Integer(), "What the customer is given (yuan)"),
        _filled("cost", sa.Integer(), "What it costs (yuan)"),
        _filled("is_entitlement", sa.Boolean(), "What a customer is owed"),
        _filled("is_overload", sa.Boolean(), "Owed, and over the capacity of the month"),
        _filled("planned_on", sa.Date(), "Day for which it is planned"),
        _filled("valid_until", sa.Date(), "Last day"),
        _filled("state_code", sa.String(), "Planned, its message queued, withheld by a rule, owed and so given to a person instead, or recalled"),
        _open("reason_code", sa.String(), "Why it is withheld or goes to a person: a reason of the contact rules, sent_before or same_person"),
        _open("message_key", sa.String(), "Key of its message in the outbox"),
        sa.PrimaryKeyConstraint("list_id", "strategy_code", "customer_id", name="campaign_action_pk"),
        sa.CheckConstraint("consent_code in ('none', 'service', 'commercial')", name=op.f("campaign_action_consent_code_check")),
        sa.CheckConstraint("state_code in ('planned', 'queued', 'withheld', 'to_person', 'recalled')", name=op.f("campaign_action_state_code_check")),
        sa.CheckConstraint("(reason_code is not null) = (state_code in ('withheld', 'to_person'))", name=op.f("campaign_action_reason_check")),
        comment="What is to be done for a listed customer, and how far it is",
    )
    op.create_index("campaign_action_customer_id_idx", "campaign_action", ["customer_id"])
    op.create_index("campaign_action_message_key_idx", "campaign_action", ["message_key"])


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("look_id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Look, in order"),
        _filled("viewer", sa.String(), "Who"),
        _filled("viewed_through", sa.String(), "How: a command with the system's user"),
        _filled("looked_at", sa.DateTime(timezone=True), "When"),
        _filled("what_code", sa.String(), "What they did"),
        _open("list_id", sa.String(), "List"),
        _filled("filter", JSONB(), "Which rows of it: channel and city"),
        _filled("row_count", sa.BigInteger(), "Rows"),
        _filled("rows_sha256", sa.String(), "SHA-256 of their strategies and customers, in order"),
        _filled("reason", sa.String(), "Why, in the person's words"),
        sa.PrimaryKeyConstraint("look_id", name="access_log_pk"),
        sa.CheckConstraint("what_code in ('export')", name=op.f("access_log_what_code_check")),
        comment="Who looked at whole personal data, when, why and at which rows; rows are only added",
    )
    op.create_index("access_log_list_id_idx", "access_log", ["list_id"])
    op.create_index("access_log_viewer_looked_at_idx", "access_log", ["viewer", "looked_at"])


def _filled(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, comment=comment)


def _open(name: str, type_: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=True, comment=comment)
