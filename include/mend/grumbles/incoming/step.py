"""The night's publication: what answers about incoming grumbles need, in the operations database, changed rows only."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, at_least, at_most, equal, one_of
from mend.foundation.operations.tables import METADATA
from mend.foundation.periods import ONE_DAY, month_before
from mend.foundation.pipeline.model import read_model, read_models
from mend.foundation.pipeline.runner import Step, open_step
from mend.foundation.pipeline.shares import Sharing, in_shares, share_count
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.basis import Basis, Cut, KeyPoint, ModelInForce, PointWords
from mend.grumbles.incoming.rules import publishes_everybody
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
COLUMNS: Final = tuple(column.name for column in METADATA.tables["incoming_customer"].columns)
SHARED: Final = tuple(
    Sharing(name)
    for name in ("customer", "customer_cluster", "grumble", "complaint", "exposure", "open_row", "damaged")
)
BYTES_A_ROW: Final = 150  # of the engine's memory, for a row of the inputs
BLOCK_BYTES: Final = 1 << 20
DAMAGE_MONTHS: Final = 13
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
        _open(step, rules, night)
        with operations.transaction(home.database_url) as connection:
            customers, changed = _put_customers(home, step, connection, rules, night)
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


def _open(step: Step, rules: Rules, night: dt.date) -> None:
    """The inputs of incoming_customer, as they are known at the night's end; monthly facts as the next day has them."""
    day, month = night + ONE_DAY, result_month(rules, night + ONE_DAY)
    first = _from(night, rules.open.complaint_days)

    def view(table: str, name: str, column: str, earliest: dt.date) -> None:
        step.view(table, name, where=all_of(at_least(column, earliest), at_most(column, night)))

    view("mart_grumble", "grumble", "grumbled_on", _from(night, rules.open.recent_days))
    view("mart_complaint", "complaint", "complained_on", first)
    view("mart_exposure_day", "exposure", "subject_on", _from(night, 30))
    step.view("mart_grumble_level", "open_row", [night])
    snapshots = [each for each in step.bench.lake.days("core_customer", "month_on") if each <= day]
    step.view("core_customer", "customer", [max(snapshots)] if snapshots else [])
    step.view("mart_customer_cluster", "customer_cluster", where=equal("month", month))
    months = [f"{night:%Y-%m}"]
    while len(months) < DAMAGE_MONTHS:
        months.append(month_before(dt.date.fromisoformat(f"{months[-1]}-01")))
    step.view("mart_damage_month", "damage_month", where=one_of("month", months))
    step.make(read_model(ROOM, "damaged"), "damaged", is_view=True)


def _from(night: dt.date, days: int) -> dt.date:
    """The first day of the month in which a window of so many days begins: rows do not change as days go by."""
    return (night - days * ONE_DAY).replace(day=1)


def _put_customers(home: Home, step: Step, connection: Connection, rules: Rules, night: dt.date) -> tuple[int, int]:
    """Rows of incoming_customer afterwards, and those written or removed."""
    connection.execute(text("create temp table staged (like incoming_customer) on commit drop"))
    values = {
        "grumbles_from": _from(night, rules.open.recent_days),
        "complaints_from": _from(night, rules.open.complaint_days),
        "contacts_from": _from(night, 30),
        "is_everybody": publishes_everybody(home, night + ONE_DAY),
    }
    rows = sum(step.count(sharing.name) for sharing in SHARED)
    for _ in in_shares(step, SHARED, share_count(step.bench, rows, BYTES_A_ROW)):
        step.run(read_model(ROOM, "incoming_customer"), values)
        _copy(home, step, connection)
    connection.execute(text("analyze staged"))
    gone = connection.execute(
        text("delete from incoming_customer as old where not exists "
             "(select from staged where staged.customer_id = old.customer_id)")
    )  # fmt: skip
    written = connection.execute(text(_upsert()))
    count = connection.execute(text("select count(*) from incoming_customer")).scalar_one()
    return int(count), gone.rowcount + written.rowcount


def _copy(home: Home, step: Step, connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    home.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder:
        path = Path(folder) / "rows.csv"
        step.to_csv("incoming_customer", path)
        query = f"copy staged ({', '.join(COLUMNS)}) from stdin (format csv)"
        with driver.cursor().copy(query) as copy, path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                copy.write(block)


def _upsert() -> str:
    """Rows that are right already are not touched."""
    key, *others = COLUMNS
    own, new = ", ".join(f"old.{name}" for name in others), ", ".join(f"excluded.{name}" for name in others)
    sets = ", ".join(f"{name} = excluded.{name}" for name in others)
    return (
        f"insert into incoming_customer as old ({', '.join(COLUMNS)}) select {', '.join(COLUMNS)} from staged "
        f"on conflict ({key}) do update set {sets} where ({own}) is distinct from ({new})"
    )


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
