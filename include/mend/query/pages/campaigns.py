"""A candidate of a month's list, as it was published: what came of them, and why they are on it or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import Connection

from mend.foundation.schema import CODES
from mend.query.pages.reading import row

GATES: Final = tuple(CODES["campaign_gate"])  # bit k of a mask is the k-th
Said = Literal[
    "owed", "overload", "listed", "drawn", "season", "gated", "universal", "held_out", "other", "deferred"
]  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A candidate of a list."""

    list_id: str
    customer_id: str
    place: int
    level: int
    score: Decimal
    city_code: str
    outcome_code: str
    is_universal_hold_out: bool
    listed: Sequence[Mapping[str, Any]]
    pattern: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Why:
    """What a strategy gives a candidate, or what kept them back: the gates failed, in order. `row`: of the list."""

    strategy_code: str
    said: Said
    gates: Sequence[str] = ()
    row: Mapping[str, Any] | None = None


def read_candidate(connection: Connection, list_id: str, customer_id: str) -> Candidate | None:
    """The candidate, by any id of the person; None for whoever is none, or of whose list nothing is published."""
    found = row(connection, "candidate", list_id=list_id, customer_id=customer_id)
    return Candidate(**found) if found else None


def why(of: Candidate, out_of_season: Mapping[str, Any]) -> list[Why]:
    """Strategy by strategy, what is owed first."""
    listed = {each["strategy"]: each for each in of.listed}
    return [_why(each, listed.get(each["strategy"]), of, out_of_season) for each in of.pattern]


def _why(
    pattern: Mapping[str, Any], given: Mapping[str, Any] | None, of: Candidate, out_of_season: Mapping[str, Any]
) -> Why:
    code = str(pattern["strategy"])
    if given is not None:
        return Why(code, _listed(given), row=given)
    if code in out_of_season:
        return Why(code, "season")
    if pattern["gates"]:
        return Why(code, "gated", gates_of(int(pattern["gates"])))
    if pattern["arm"] == "held_out":
        return Why(code, "universal" if of.is_universal_hold_out else "held_out")
    return Why(code, "other" if any(not each["is_owed"] for each in of.listed) else "deferred")


def _listed(given: Mapping[str, Any]) -> Said:
    if given["is_owed"]:
        return "overload" if given["is_overload"] else "owed"
    return "listed" if given["share"] is None else "drawn"


def gates_of(mask: int) -> list[str]:
    """The gates of a mask, in order.

    >>> gates_of(0b10010)
    ['not_in_audience', 'opted_out']
    """
    return [code for bit, code in enumerate(GATES) if mask >> bit & 1]
