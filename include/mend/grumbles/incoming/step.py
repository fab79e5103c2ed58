"""The night's publication: what answers about incoming grumbles need, in the operations database, changed rows only."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.basis import Basis, Cut, KeyPoint, ModelInForce, PointWords
from mend.grumbles.incoming.customers import put_customers
from mend.grumbles.key_points.rules import load_specialists, specialists_on
from mend.grumbles.records.reading import Readers
from mend.grumbles.records.taxonomy import Taxonomy, load_taxonomies, taxonomy_on
from mend.grumbles.warning.cut_in_force import cut_in_force
from mend.grumbles.warning.expectations import expectations_on, load_expectations
from mend.grumbles.warning.probability import make_type_rates
from mend.grumbles.warning.registry import in_force_by_day
from mend.grumbles.warning.rules import Rules, load_rules, result_month, rules_on

ROOM: Final = "grumbles/incoming"
WARNING: Final = "grumbles/warning"
IN_FORCE, CLASSIFIER = "in_force", "classifier"  # rows of incoming_basis


@dataclass(frozen=True)
class IncomingReport:
    """A publication.

    Attributes:
        night: the latest graded night, which it is of; empty when there is none.
        customers: rows afterwards. changed: rows written or removed.
        warnings: what of the rules fits nothing.
    """

    night: str
    customers: int = 0
    changed: int = 0
    warnings: tuple[str, ...] = ()


def publish_incoming(home: Home, bench: Workbench, _days: Sequence[dt.date]) -> IncomingReport:
    """Make incoming_customer and incoming_basis what the latest graded night knows, in one transaction.

    It is a function of the lake alone: whichever night was run last, or again, the same rows are there afterwards.
    """
    nights = bench.lake.days("mart_warning_capacity", "day_on")
    if not nights:
        return IncomingReport("")
    with operations.locked(home.database_url, "incoming"):
        return publish_night(home, bench, max(nights))


def publish_night(home: Home, bench: Workbench, night: dt.date) -> IncomingReport:
    """The publication of one night."""
    rules = rules_on(night + ONE_DAY, load_rules(home.root / "rules" / "warning"))
    taxonomy = taxonomy_on(night + ONE_DAY, load_taxonomies(home.root / "taxonomy"))
    with open_step(bench, "incoming") as step:
        basis = make_basis(home, step, rules, taxonomy, night)
        rows = _basis_rows(bench, basis, taxonomy)
        with operations.transaction(home.database_url) as connection:
            customers, changed = put_customers(home, step, connection, rules, night)
            changed += _put_basis(connection, night, rows)
    unknown = basis.expectations.unknown_points(basis.points)
    words = f"expectations: the taxonomy has no {', '.join(unknown)}; these rows never fit: correct the points"
    return IncomingReport(night.isoformat(), customers, changed, (words,) if unknown else ())


def make_basis(home: Home, step: Step, rules: Rules, taxonomy: Taxonomy, night: dt.date) -> Basis:
    """What holds for the grumbles of the day after the night."""
    bench, day = step.bench, night + ONE_DAY
    models = in_force_by_day(bench, rules.model.horizons, [day])[day]
    month, cuts = _cuts(step, rules, night)
    influence, keys = _influence(step, rules, day)
    specialists = specialists_on(day, load_specialists(home.root / "rules" / "key_points"))
    return Basis(
        night=night,
        zone=bench.zone,
        rules=rules,
        expectations=expectations_on(day, load_expectations(home.root / "rules" / "expectations")),
        models={h: ModelInForce(version=each.version, model=each.model) for h, each in models.items() if each},
        rates={horizon: _rates(step, rules, night, horizon) for horizon, each in models.items() if each is None},
        influence=influence,
        key_points=tuple(
            KeyPoint(cluster=cluster, point=point, specialist=specialists.of(point).name) for cluster, point in keys
        ),
        points=_points(step, day),
        codes=taxonomy.codes,
        least_confidence=taxonomy.settings.least_confidence,
        cut_month=month,
        cuts=cuts,
    )


def _rates(step: Step, rules: Rules, night: dt.date, horizon: int) -> dict[str, float]:
    make_type_rates(step, rules, [night], horizon)
    return {area: rate for _, area, rate in sorted(step.read("type_rate"))}


def _influence(step: Step, rules: Rules, day: dt.date) -> tuple[dict[str, dict[str, float]], list[tuple[str, str]]]:
    month = result_month(rules, day)
    step.view("mart_association", "association", where=equal("month", month))
    values = {"month": month, "window_days": rules.parts.association.window_days}
    found: dict[str, dict[str, float]] = {}
    keys = []
    for cluster, point, coefficient, is_key in step.rows(read_model(ROOM, "influence"), values):
        found.setdefault(cluster, {})[point] = coefficient
        if is_key:
            keys.append((cluster, point))
    return found, keys


def _points(step: Step, day: dt.date) -> dict[str, PointWords]:
    step.view("mart_grumble_type", "every_taxonomy")
    step.view("mart_survey_item", "every_item")
    step.run(read_models(WARNING, "taxonomy", "item_of_type"), {"day": day})
    step.make(read_model(WARNING, "survey_item"), "item", {"day": day})
    return {
        code: PointWords(
            area=parent or code,
            en=en,
            zh=zh,
            departments=tuple(filter(None, (departments or "").split(","))),
            item=item,
            item_en=item_en,
            item_zh=item_zh,
        )
        for code, parent, en, zh, departments, item, item_en, item_zh in step.rows(read_model(ROOM, "point"))
    }


def _cuts(step: Step, rules: Rules, night: dt.date) -> tuple[str | None, tuple[Cut, ...]]:
    """The cut points in force on the day after the night; without any, the least place of the night at each level."""
    step.view("mart_grumble_level", "open_row", [night])
    month, found = cut_in_force(step.bench, rules, night + ONE_DAY)
    rows = [(level, *key) for level, key in found.items()] or step.rows(read_model(ROOM, "implied_cut"))
    cuts = (Cut(level=level, points=points, age_days=age, coefficient=value) for level, points, age, value in rows)
    return month, tuple(sorted(cuts, key=lambda cut: -cut.level))


def _basis_rows(bench: Workbench, basis: Basis, taxonomy: Taxonomy) -> dict[str, str]:
    """Name → content: what is in force, and the classifier of texts where one is (keywords need the taxonomy alone)."""
    reader = Readers(bench).on(basis.day, taxonomy)
    own: Any = getattr(reader, "to_json", None)
    return {IN_FORCE: basis.model_dump_json(), **({CLASSIFIER: own()} if own else {})}


def _put_basis(connection: Connection, night: dt.date, rows: dict[str, str]) -> int:
    """Rows of incoming_basis written or removed."""
    gone = connection.execute(text("delete from incoming_basis where not (name = any(:names))"), {"names": list(rows)})
    put = text(
        "insert into incoming_basis as old (name, night_on, digest, content) values (:name, :night, :digest, :content) "
        "on conflict (name) do update set night_on = excluded.night_on, digest = excluded.digest, "
        "content = excluded.content where old.digest <> excluded.digest"
    )
    written = 0
    for name, content in rows.items():
        digest = hashlib.sha256(content.encode()).hexdigest()
        values = {"name": name, "night": night, "digest": digest, "content": content}
        written += connection.execute(put, values).rowcount
    return gone.rowcount + written
