"""What a grumble is: customer type, probability, level, strategy, department, reasons. A pure function of what a night
published and of what is known now; the night says the same of the same facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mend.grumbles.incoming.basis import NOBODY, Basis, Customer
from mend.grumbles.incoming.features import Facts, feature_rows, feature_table
from mend.grumbles.incoming.reasons import reasons
from mend.grumbles.warning.complaint_model import ComplaintModel
from mend.grumbles.warning.expectations import Expectation
from mend.grumbles.warning.rules import Strategy

DIGITS: Final = 9  # of a probability, as the night writes it
LEAST_COEFFICIENT: Final = -1000.0  # where the association is not known
Row = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What an agent is told.

    Attributes:
        is_known: the night published something of the customer.
        night: the night whose record and results it rests on.
        probability_source: model, rate, or none.
        cut_month: of the cut points; None: those of the night itself.
        specialist: who answers for this key point; None where it is none of the cluster.
    """

    day: dt.date
    night: dt.date
    is_known: bool
    value: str | None
    behaviour: str | None
    point: str | None
    area: str | None
    probability_7: float | None
    probability_30: float | None
    probability_source: str
    model_version: str | None
    coefficient: float | None
    duration_part: int
    solved_part: int
    association_part: int
    tolerance_part: int
    points: int
    level: int
    cut_month: str | None
    department: str
    survey_item: str | None
    strategy: Strategy
    expectation: Expectation | None
    specialist: str | None
    reasons_en: str
    reasons_zh: str


def answer(basis: Basis, customer: Customer | None, facts: Facts) -> Answer:
    """What the grumble is. `customer`: None where nothing is on record."""
    return answers(basis, [(customer, facts)])[0]


def answers(basis: Basis, asked: Sequence[tuple[Customer | None, Facts]]) -> list[Answer]:
    """The same for many at once."""
    known = [(customer or NOBODY, facts) for customer, facts in asked]
    rows = feature_rows(basis, known)
    table = feature_table(basis, rows)
    chances = {horizon: _chances(basis, horizon, rows, table) for horizon in basis.rules.model.horizons}
    return [
        _answer(basis, customer is not None, facts, row, [chances[horizon][place] for horizon in sorted(chances)])
        for place, ((customer, facts), row) in enumerate(zip(asked, rows, strict=True))
    ]


def _chances(basis: Basis, horizon: int, rows: Sequence[Row], table: pa.Table) -> list[float | None]:
    """The probability of each: by the model in force, else the rate of its area, else None."""
    if (found := basis.models.get(horizon)) is not None:
        own = _named(table, basis.areas, found.model)
        return [float(each) for each in np.round(found.model.probability(own), DIGITS)]
    rates = basis.rates.get(horizon, {})
    of_rows = (rates.get(row["area_code"] or "", rates.get("*")) for row in rows)
    return [None if rate is None else float(np.round(rate, DIGITS)) for rate in of_rows]


def _named(table: pa.Table, areas: Sequence[str], model: ComplaintModel) -> pa.Table:
    """The table with the columns open_<place> under a model's own numbers."""
    kept = table.drop_columns([f"open_{place}" for place in range(len(areas))])
    for place, area in enumerate(model.areas):
        kept = kept.append_column(f"open_{place}", table[f"open_{areas.index(area)}"])
    return kept


def _answer(basis: Basis, is_known: bool, facts: Facts, row: Row, chances: Sequence[float | None]) -> Answer:
    parts = _parts(basis, row)
    points, level = _level(basis, row, parts)
    near, far = chances
    words = basis.points.get(facts.point or "")
    source = "model" if min(basis.rules.model.horizons) in basis.models else "none" if near is None else "rate"
    cluster = row["behaviour_code"]
    en, zh = reasons(basis.rules, words, facts.point, row, parts, near)
    return Answer(
        day=facts.day,
        night=basis.night,
        is_known=is_known,
        value=row["value_code"],
        behaviour=cluster,
        point=facts.point,
        area=facts.area,
        probability_7=near,
        # More days cannot mean a smaller probability.
        probability_30=max((each for each in (near, far) if each is not None), default=None),
        probability_source=source,
        model_version=basis.models[min(basis.models)].version if source == "model" else None,
        coefficient=row["coefficient"],
        **{f"{name}_part": part for name, part in parts.items()},
        points=points,
        level=level,
        cut_month=basis.cut_month,
        department=_department(basis, words.departments[0] if words and words.departments else None),
        survey_item=words.item if words else None,
        strategy=_strategy(basis, level, row["value_code"]),
        expectation=basis.expectations.of(cluster, facts.point, facts.area),
        specialist=_specialist(basis, cluster, facts),
        reasons_en=en,
        reasons_zh=zh,
    )


def _parts(basis: Basis, row: Row) -> dict[str, int]:
    """The four parts of the level, 1 to 5 each."""
    parts, coefficient = basis.rules.parts, row["coefficient"]
    solved: Mapping[Any, int] = parts.solved.points
    return {
        "duration": 1 + sum(row["age_days"] >= days for days in parts.duration.from_days),
        "solved": solved[row["solved_state_code"]],
        "association": parts.association.neutral
        if coefficient is None
        else 1 + sum(coefficient >= value for value in parts.association.from_coefficients),
        "tolerance": parts.tolerance.points.get(row["behaviour_code"] or "", parts.tolerance.neutral),
    }


def _level(basis: Basis, row: Row, parts: dict[str, int]) -> tuple[int, int]:
    """Weighted points, and the highest level whose cut point they are not under."""
    points = sum(getattr(basis.rules.parts, name).weight * part for name, part in parts.items())
    coefficient = LEAST_COEFFICIENT if row["coefficient"] is None else row["coefficient"]
    key = (points, row["age_days"], coefficient)
    reached = (cut.level for cut in basis.cuts if key >= (cut.points, cut.age_days, cut.coefficient))
    return points, max(reached, default=1)


def _department(basis: Basis, named: str | None) -> str:
    """The first department of the point; one without specialists leaves it to the default."""
    return named if named in basis.rules.departments else basis.rules.open.department


def _strategy(basis: Basis, level: int, value: str | None) -> Strategy:
    return next(
        each for each in basis.rules.strategies if level in each.levels and (not each.values or value in each.values)
    )


def _specialist(basis: Basis, cluster: str | None, facts: Facts) -> str | None:
    """Who answers for the point where it is a key one of the cluster, or of everybody."""
    found = {(each.cluster, each.point): each.specialist for each in basis.key_points}
    asked = ((group, kind) for kind in (facts.point, facts.area) for group in (cluster, "all"))
    return next((found[group, kind] for group, kind in asked if group and kind and (group, kind) in found), None)
