"""The rules on contacts as SQL expressions over bits: bit i of `bits` says that the i-th indicator hit (or may still
hit).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mend.damage.scoring.rules import Rule, RuleSet, features

# The table `contact_rule`: when an indicator is decided (null: at the contact's start) and the family it belongs to.
RULE_COLUMNS: Final = {
    "rule_number": "utinyint",
    "bit": "bigint",
    "indicator_id": "varchar",
    "points": "integer",
    "family": "varchar",
    "is_late": "boolean",
    "is_from_end": "boolean",
    "after_us": "bigint",
}
# Features that look up other records, each only for the contacts whose rules ask for it (model contact_decided).
LOOKED_UP: Final = (
    "booking_after_seconds",
    "contact_from_us_after_seconds",
    "contact_from_us_after_end_seconds",
    "answered_after_seconds",
    "agent_call_after_seconds",
)


@dataclass(frozen=True)
class ContactRules:
    """A rule set's indicators on contacts, compiled.

    A condition is decided in four places, each clearing the bits of the rules that fail there: with the row, with its
    tickets, beside the customer's other contacts, beside other records.
    """

    rules: RuleSet

    @cached_property
    def bits(self) -> dict[str, int]:
        """Indicator → its bit."""
        return {rule.id: 1 << place for place, rule in enumerate(self.rules.of_record("contact"))}

    def fills(self) -> dict[str, str]:
        """The texts for the models' places: what a failed attempt is, and the bits after each place."""
        return {
            "failed_attempt": f"coalesce({self.rules.failed_attempt.sql()}, false)",
            "may_wait": self._may_wait(),
            "bits_of_row": self._bits_of_row(),
            "bits_after_tickets": self._cleared("ticket"),
            "bits_after_neighbours": self._cleared("window"),
            "bits_after_records": self._cleared("records"),
        }

    def values(self) -> dict[str, int]:
        """The models' parameters: the bits of the rules that ask for something."""
        asking = {f"{name}_bits": self._bits_using(name) for name in LOOKED_UP}
        return {
            **asking,
            "ticket_bits": self._bits_using("ticket_after_seconds"),
            "record_bits": self._sum(rule for rule in self._all() if rule.condition.part_using(_at("records"))),
        }

    def rule_rows(self) -> list[tuple[Any, ...]]:
        """The rows of `contact_rule`, numbered in the order of the indicators' names."""
        family_of = {member: name for name, members in self.rules.families.items() for member in members}
        return [
            (number, self.bits[rule.id], rule.id, rule.points, family_of.get(rule.id), *_decided(rule))
            for number, rule in enumerate(sorted(self._all(), key=lambda rule: rule.id), start=1)
        ]

    def _may_wait(self) -> str:
        """Whether a contact may be decided on a later day without another contact then: its own part of such a rule
        holds. (A rule that compares with the month before is not looked into.)"""
        waiting = [rule for rule in self._all() if rule.decided is not None and rule.decided.after_seconds is not None]
        parts = [rule.condition.part_without(_at("ticket") | _at("window") | _at("records")) for rule in waiting]
        compares = any(rule.condition.columns & (_at("scan") - {"is_failed_attempt"}) for rule in waiting)
        if compares or None in parts:
            return "true"
        return f"coalesce({' or '.join(f'({part})' for part in parts) or 'false'}, false)"

    def _all(self) -> list[Rule]:
        return self.rules.of_record("contact")

    def _sum(self, rules: Any) -> int:
        return sum(self.bits[rule.id] for rule in rules)

    def _bits_using(self, feature: str) -> int:
        return self._sum(rule for rule in self._all() if feature in rule.condition.columns)

    def _bits_of_row(self) -> str:
        """Bits of the rules whose part on the row itself holds."""
        parts = [
            (rule, rule.condition.part_without(_at("ticket") | _at("window") | _at("records"))) for rule in self._all()
        ]
        chosen = [
            f"(case when {part} then {self.bits[rule.id]} else 0 end)" if part else str(self.bits[rule.id])
            for rule, part in parts
        ]
        return f"cast({' | '.join(chosen) or '0'} as bigint)"

    def _cleared(self, place: str) -> str:
        """`bits` less those of the rules whose part decided at that place fails."""
        parts = [(rule, rule.condition.part_using(_at(place))) for rule in self._all()]
        failing = [f"(case when {part} then 0 else {self.bits[rule.id]} end)" for rule, part in parts if part]
        return f"bits & ~cast({' | '.join(failing)} as bigint)" if failing else "bits"


def _decided(rule: Rule) -> tuple[bool, bool, int | None]:
    if rule.decided is None:
        return False, False, None
    seconds = rule.decided.after_seconds
    return True, rule.decided.is_from_end, None if seconds is None else seconds * 1_000_000


def _at(place: str) -> frozenset[str]:
    return frozenset(feature.name for feature in features("contact").values() if feature.at == place)
