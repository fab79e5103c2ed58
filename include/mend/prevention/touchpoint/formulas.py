"""The measures of an inventory as formulas: which rows, what succeeds, and how a list of them is put into one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from mend.foundation.conditions import Condition
from mend.prevention.touchpoint.inventory import Inventory, Touchpoint

# Record → the columns that are worked out for its rows, and what of the record they need.
WORKED_OUT: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "contact": {"points": (), "is_damaged": ()},
    "ticket": {"is_on_time": ("opened_at", "closed_at"), "handling_seconds": ("opened_at", "closed_at")},
    "callback_booking": {"is_on_time": ("called_back_at",), "callback_seconds": ("called_back_at",)},
    "survey_reply": {
        "score_of_ten": ("score", "score_scale"),
        **dict.fromkeys(("touchpoint_code", "topic_code", "ivr_node_code", "agent_group_code", "is_answered"), ()),
    },
}
# A rating of a contact knows of its touchpoint what the contact's source maps.
OF_THE_CONTACT: Final = frozenset({"touchpoint_code", "topic_code", "ivr_node_code", "agent_group_code", "is_answered"})


@dataclass(frozen=True)
class Formula:
    """One measure of one aspect of a touchpoint.

    Args:
        number: its place among the aspect's measures, from 1.
        succeeded: a condition, or the name of the column whose mean counts.
        text: all of it in one line, as the table shows it.
    """

    touchpoint: str
    aspect: str
    number: int
    record: str
    where: Condition
    succeeded: Condition | str
    worst: float
    best: float
    least_count: int

    @property
    def is_share(self) -> bool:
        return isinstance(self.succeeded, Condition)

    @property
    def text(self) -> str:
        counted = self.succeeded.text if isinstance(self.succeeded, Condition) else f"mean of {self.succeeded}"
        return (
            f"{self.record} where {' '.join(self.where.text.split())}: {' '.join(counted.split())}; "
            f"1 at {self.worst:g}, 10 at {self.best:g}"
        )

    @property
    def value(self) -> str:
        """SQL: the row's value in thousandths; null when the row does not belong, or nobody knows."""
        if not isinstance(self.succeeded, Condition):
            quoted = '"' + self.succeeded.replace('"', '""') + '"'
            return f"case when {self.where.sql()} then cast(round({quoted} * 1000) as bigint) end"
        succeeded = self.succeeded.sql()
        return f"case when {self.where.sql()} then case when {succeeded} then 1000 when not {succeeded} then 0 end end"

    @property
    def needs(self) -> frozenset[tuple[str, str]]:
        """Records and their contract columns that it cannot do without."""
        names = set(self.where.columns)
        names |= self.succeeded.columns if isinstance(self.succeeded, Condition) else {self.succeeded}
        found: set[tuple[str, str]] = set()
        for name in names:
            if self.record == "survey_reply" and name in OF_THE_CONTACT:
                found |= {("contact", name), (self.record, "about_id")}
            else:
                worked_out = WORKED_OUT.get(self.record, {}).get(name)
                found |= {(self.record, each) for each in ((name,) if worked_out is None else worked_out)}
        return frozenset(found)


def formulas_of(inventory: Inventory) -> list[Formula]:
    """Every measure of the inventory, in its order."""
    return [each for touchpoint in inventory.touchpoints for each in _of_touchpoint(touchpoint, inventory)]


def digest_of(formulas: Sequence[Formula]) -> str:
    """Scores are compared over months only when they are of the same formulas."""
    return sha256("\n".join(each.text for each in formulas).encode()).hexdigest()[:16]


def values_fill(formulas: Sequence[Formula]) -> str:
    """SQL: the list of the rows' values, a formula each."""
    return "[" + ", ".join(f"cast({each.value} as bigint)" for each in formulas) + "]"


def belongs_fill(codes: Sequence[str], formulas: Sequence[Formula]) -> str:
    """SQL: of each touchpoint whether a contact is one of its own, by any of its measures of contacts."""
    listed = []
    for code in codes:
        own = {f"({each.where.sql()})" for each in formulas if each.touchpoint == code and each.record == "contact"}
        listed.append(f"({' or '.join(sorted(own))})" if own else "false")
    return f"[{', '.join(listed)}]"


def why_not_measured(formula: Formula, provided: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """What the sources of the month do not map, in English and Chinese; None when nothing is missing."""
    for record in sorted({record for record, _ in formula.needs} | {formula.record}):
        if not provided.get(record):
            return f"not measured: no {record} records arrived", f"未测：本月无{record}记录到达"
    missing = sorted(name for record, name in formula.needs if name not in provided[record])
    if not missing:
        return None
    names = ", ".join(missing)
    return f"not measured: the source does not map {names}", f"未测：数据源未提供{names}"


def _of_touchpoint(touchpoint: Touchpoint, inventory: Inventory) -> list[Formula]:
    numbers: dict[str, int] = {}
    found = []
    for measure in touchpoint.measures:
        numbers[measure.aspect_code] = number = numbers.get(measure.aspect_code, 0) + 1
        least = measure.least_count if measure.least_count is not None else inventory.settings.least_count
        found.append(
            Formula(
                touchpoint.code, measure.aspect_code, number, measure.record, measure.where, measure.succeeded,
                float(measure.worst), float(measure.best), least,
            )
        )  # fmt: skip
    return found
