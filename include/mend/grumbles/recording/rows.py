"""Rows of mart_recording_agreement: what is compared, how far it agrees, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mend.foundation.statistics import holm
from mend.grumbles.recording.kappa import Agreement, Pair, added, of_groups, of_pairs
from mend.grumbles.recording.rates import Difference, Side, difference
from mend.grumbles.recording.rules import AgreementRules

EVERY: Final = "all"
Row = dict[str, Any]
EMPTY: Final[Row] = dict.fromkeys(
    (
        "agent_id", "area_code", "agent_count", "agreed_share", "estimate", "estimate_low", "estimate_high", "p_value",
        "own_rate", "others_rate",
    )
)  # fmt: skip


def pair_rows(
    rules: AgreementRules,
    month: str,
    comparison: str,
    pairs: Mapping[tuple[str, str], Mapping[Pair, int]],
    with_agents: bool = True,
) -> list[Row]:
    """A row for all together, one for each centre, and one for each agent with pairs enough.

    Args:
        pairs: centre and agent → how often the one was said beside the other.
    """
    base = {**EMPTY, "month": month, "comparison_code": comparison}
    centers = sorted({center for center, _ in pairs})
    rows = []
    for center in (EVERY, *centers) if centers else ():
        own = [its for (each, _), its in pairs.items() if center in (EVERY, each)]
        found = of_groups(own, rules.confidence)
        few = found.pairs < rules.least_pairs or len(own) < rules.least_agents
        row = base | {"center_code": center, "agent_count": len(own), "pair_count": found.pairs}
        rows.append(row | _judged(rules, found, few))
    for (center, agent), its in sorted(pairs.items()) if with_agents else ():
        if added([its]).total() >= rules.least_pairs_of_agent and agent != "unknown":
            found = of_pairs(its, rules.confidence)
            row = base | {"center_code": center, "agent_id": agent, "agent_count": 1, "pair_count": found.pairs}
            rows.append(row | _judged(rules, found, False))
    return rows


def _judged(rules: AgreementRules, found: Agreement, few: bool) -> Row:
    if few or found.kappa is None or found.low is None or found.high is None:
        return {"verdict_code": "too_little"}
    verdict = "agrees" if found.low >= rules.least_kappa else "differs" if found.high < rules.least_kappa else "unclear"
    return {
        "agreed_share": found.agreed_share,
        "estimate": found.kappa,
        "estimate_low": found.low,
        "estimate_high": found.high,
        "verdict_code": verdict,
    }


def rate_rows(rules: AgreementRules, month: str, sides: Mapping[str, Mapping[str, Side]]) -> list[Row]:
    """For each centre, the rate of recorded grumbles in like calls against the other centres', and of each area.

    Args:
        sides: area ('': any grumble) → centre → its calls.
    """
    found = [
        (area, center, _against(rules, center, centers))
        for area, centers in sides.items()
        for center in sorted(centers)
        if len(centers) > 1
    ]
    judged = [each for *_, each in found if each is not None]
    adjusted = iter(holm([each.p_value for each in judged]))
    return [_rate_row(rules, month, area, center, each, adjusted) for area, center, each in found]


def _against(rules: AgreementRules, center: str, centers: Mapping[str, Side]) -> Difference | None:
    others = [side for name, side in centers.items() if name != center]
    rest = Side(_joined(side.calls for side in others), _joined(side.recorded for side in others))
    found = difference(centers[center], rest, rules.least_calls, rules.confidence)
    return None if found is None or found.agents < rules.least_agents else found


def _joined(cells: Any) -> dict[tuple[str, str], int]:
    """Agents' calls together: an agent of two centres is one."""
    total: dict[tuple[str, str], int] = {}
    for each in cells:
        for cell, count in each.items():
            total[cell] = total.get(cell, 0) + count
    return total


def _rate_row(
    rules: AgreementRules, month: str, area: str, center: str, found: Difference | None, adjusted: Iterator[float]
) -> Row:
    comparison = "area_rate" if area else "recorded_rate"
    row = {**EMPTY, "month": month, "comparison_code": comparison, "center_code": center, "area_code": area or None}
    if found is None:
        return row | {"pair_count": 0, "verdict_code": "too_little"}
    p_value = next(adjusted)
    is_other = p_value < 1 - rules.confidence and abs(found.estimate) >= rules.material_difference
    return row | {
        "pair_count": found.calls,
        "agent_count": found.agents,
        "own_rate": found.rate,
        "others_rate": found.others_rate,
        "estimate": found.estimate,
        "estimate_low": found.low,
        "estimate_high": found.high,
        "p_value": p_value,
        "verdict_code": "differs" if is_other else "not_shown",
    }
