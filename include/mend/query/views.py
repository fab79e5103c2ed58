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
VIEWS: Final[dict[str, Table]] = {view.name: view for view in (LEDGER_ENTRY,)}


def model_of(view: str) -> Model:
    """The model that makes a view."""
    return read_model("query", view)
