"""Views for people: tables of the lake with what follows from their columns. Each is a declared model of this room."""

from __future__ import annotations

from typing import Final

from mend.foundation.pipeline.model import Model, read_model
from mend.foundation.schema import TABLES, Column, Table

ENTRY_ID: Final = Column("entry_id", "string", "Entry: indicator, subject and cause", "分录编号", required=True)
OF_RULE: Final = ("stage_code", "is_explicit", "name_en", "name_zh")
LEDGER_ENTRY: Final = Table(
    "ledger_entry",
    "View: the ledger with each entry's id, stage and words, and whether the customer said so",
    "视图：受损积分台账，附分录编号、环节、指标名称及是否明确受损",
    (
        ENTRY_ID,
        *TABLES["mart_damage_ledger"].columns,
        *(TABLES["mart_indicator"].column(name) for name in OF_RULE),
    ),
    (),
)
OF_PATTERN: Final = ("strategy_code", "is_entitlement", "gate_mask", "first_gate_code")
CAMPAIGN_GATE: Final = Table(
    "campaign_gate",
    "View: the gate ledger of each candidate and strategy, with every gate that was failed in words",
    "视图：活动准入台账（客户×策略），附全部拦截原因",
    (
        *(
            TABLES["mart_campaign_gate"].column(name)
            for name in ("month", "version", "customer_id", "city_code", "level")
        ),
        *(TABLES["mart_campaign_gate_pattern"].column(name) for name in OF_PATTERN),
        Column("gates", "string", "Gates failed, in order, separated by commas; empty when all are passed", "全部拦截"),
        Column("arm_code", "string", "Arm of this strategy; empty when gated, and for entitlements", "实验组别"),
        Column("outcome_code", "string", "What came of the candidate", "结果"),
    ),
    (),
)
VIEWS: Final[dict[str, Table]] = {view.name: view for view in (LEDGER_ENTRY, CAMPAIGN_GATE)}


def model_of(view: str) -> Model:
    """The model that makes a view."""
    return read_model("query", view)
