"""The rules on contacts as SQL expressions over bits: bit i of `bits` says that the i-th indicator hit (or may still
hit).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mend.damage.scoring.rules import Rule, RuleSet, features

AWAITED: Final = ("ticket_after_seconds", "booking_after_seconds")  # features that say whether a ticket or booking came


@dataclass(frozen=True)
class ContactRules:
    """A rule set's indicators on contacts, compiled.

    A condition is decided in three places, each clearing the bits of the rules that fail there: with the row (scan),
    beside the customer's other contacts (window), beside other records (candidate).
    """

    rules: RuleSet

    @cached_property
    def bits(self) -> dict[str, int]:
        """Indicator → its bit."""
        return {rule.id: 1 << place for place, rule in enumerate(self.rules.of_record("contact"))}

    @property
    def candidate_bits(self) -> int:
        """The bits of the rules that look at other records."""
        return sum(self.bits[rule.id] for rule in self._all() if rule.condition.part_using(_at("candidate")))

    def bits_using(self, feature: str) -> int:
        """The bits of the rules whose condition uses this feature."""
        return sum(self.bits[rule.id] for rule in self._all() if feature in rule.condition.columns)

    def waiting_for(self, features: Collection[str]) -> str:
        """Whether the row's own part of a rule that uses one of these features holds: what comes later may decide
        it.
        """
        rules = [rule for rule in self._all() if rule.condition.columns & set(features)]
        parts = [rule.condition.part_without(_at("window") | _at("candidate")) or "true" for rule in rules]
        return f"coalesce({' or '.join(f'({part})' for part in parts) or 'false'}, false)"

    def points(self) -> str:
        """The points of `bits` together."""
        return (
            " + ".join(
                f"(case when bits & {self.bits[rule.id]} <> 0 then {rule.points} else 0 end)" for rule in self._all()
            )
            or "0"
        )

    def after_scan(self) -> str:
        """Bits of the rules whose part on the row itself holds."""
        parts = [(rule, rule.condition.part_without(_at("window") | _at("candidate"))) for rule in self._all()]
        chosen = [
            f"(case when {part} then {self.bits[rule.id]} else 0 end)" if part else str(self.bits[rule.id])
            for rule, part in parts
        ]
        return f"cast({' | '.join(chosen) or '0'} as bigint)"

    def after_window(self) -> str:
        """`bits` less those of the rules whose part on neighbouring contacts fails."""
        return self._cleared("window")

    def after_candidate(self) -> str:
        """`bits` less those of the rules whose part on other records fails."""
        return self._cleared("candidate")

    def after_families(self) -> str:
        """`bits` with only the dearest of each family."""
        return (
            f"bits & ~cast({' | '.join(self._dearest(members) for members in self.rules.families.values()) or '0'} "
            f"as bigint)"
        )

    def rule_rows(self) -> list[tuple[int, int, str, str, int, bool, bool]]:
        """Number (in the order of the names), bit, indicator, stage, points, explicit, provisional: for the table that
        turns bits into ledger rows."""
        by_name = sorted(self._all(), key=lambda rule: rule.id)
        provisional = self.provisional()
        return [
            (number, self.bits[rule.id], rule.id, rule.stage, rule.points, rule.is_explicit, rule.id in provisional)
            for number, rule in enumerate(by_name, start=1)
        ]

    def provisional(self) -> set[str]:
        """Indicators whose hits the next day may take back: those for want of something that may still come, and those
        that give way to a dearer one of their family which is decided later than they are."""
        late = _at("candidate")
        wanting = {rule.id for rule in self._all() if rule.condition.columns & set(AWAITED)}
        giving_way = {
            member
            for members in self.rules.families.values()
            for place, member in enumerate(members)
            if any(self.rules.indicators[dearer].condition.columns & late for dearer in members[:place])
        }
        return wanting | giving_way

    def _all(self) -> list[Rule]:
        return self.rules.of_record("contact")

    def _cleared(self, place: str) -> str:
        parts = [(rule, rule.condition.part_using(_at(place))) for rule in self._all()]
        failing = [f"(case when {part} then 0 else {self.bits[rule.id]} end)" for rule, part in parts if part]
        return f"bits & ~cast({' | '.join(failing)} as bigint)" if failing else "bits"

    def _dearest(self, members: tuple[str, ...]) -> str:
        """The bits that the dearest member present puts aside: `case when bits & dearest then the others ...`."""
        cases = []
        for place, member in enumerate(members[:-1]):
            others = sum(self.bits[other] for other in members[place + 1 :])
            cases.append(f"when bits & {self.bits[member]} <> 0 then {others}")
        return f"(case {' '.join(cases)} else 0 end)" if cases else "0"


def _at(place: str) -> frozenset[str]:
    return frozenset(feature.name for feature in features("contact").values() if feature.at == place)
