"""Opt-outs that the customer lifted, with the proof; replies that ask for messages again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXT = sa.String()
LONG = sa.BigInteger()
MEANINGS = ("solved", "unsolved", "score", "opt_out", "unclear")
STANDINGS = ("first", "later", "opt_out", "unclear", "unmatched")


def upgrade() -> None:
    op.create_table(
        "sms_opt_in",
        sa.Column("inbound_id", LONG, nullable=False, autoincrement=False, comment="Inbound message that asks for messages again"),
        sa.Column("phone_number", TEXT, nullable=False, comment="Subscriber's number (E.164)"),
        sa.Column("opted_in_at", INSTANT, nullable=False, comment="Received"),
        sa.Column("text", TEXT, nullable=False, comment="Text of the message: the proof"),
        sa.Column("is_for_marketing", sa.Boolean(), nullable=False, comment="The words ask for marketing too"),
        sa.Column("opted_out_at", INSTANT, nullable=False, comment="Since when the lifted opt-out held"),
        sa.Column("opt_out_source_code", TEXT, nullable=False, comment="How the opt-out was said"),
        sa.Column("opt_out_inbound_id", LONG, nullable=True, comment="Inbound message that said the opt-out"),
        sa.CheckConstraint("opt_out_source_code in ('reply', 'agent', 'import')", name=op.f("sms_opt_in_opt_out_source_code_check")),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("sms_opt_in_pk")),
        comment="Opt-outs that the customer lifted, each with the message that proves it",
    )
    op.create_index("sms_opt_in_phone_number_opted_in_at_idx", "sms_opt_in", ["phone_number", "opted_in_at"])
    _permit("meaning_code", (*MEANINGS[:4], "opt_in", MEANINGS[4]))
    _permit("standing_code", (*STANDINGS[:3], "opt_in", *STANDINGS[3:]))


def downgrade() -> None:
    """What was lifted stays lifted; the messages are unclear again."""
    op.execute("update survey_reply set meaning_code = 'unclear', standing_code = 'unclear' where meaning_code = 'opt_in'")
    _permit("meaning_code", MEANINGS)
    _permit("standing_code", STANDINGS)
    op.drop_table("sms_opt_in")


def _permit(column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"survey_reply_{column}_check")
    op.drop_constraint(name, "survey_reply", type_="check")
    op.create_check_constraint(name, "survey_reply", f"{column} in ({', '.join(repr(value) for value in values)})")
