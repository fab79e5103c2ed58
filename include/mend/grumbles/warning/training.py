"""The month's complaint models: fitted, calibrated, compared on later nights, and promoted or not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import days_of
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.calibration import Range
from mend.grumbles.warning.charts import model_picture
from mend.grumbles.warning.complaint_model import ComplaintModel, Floats
from mend.grumbles.warning.fit import RECENCY_AND_FREQUENCY
from mend.grumbles.warning.history import History, Split, everything, history, split
from mend.grumbles.warning.judgement import Judged, judge
from mend.grumbles.warning.judging import Judging, judging_on
from mend.grumbles.warning.lessons import Learned, brought_up_to_date, fitted
from mend.grumbles.warning.probability import make_type_rates
from mend.grumbles.warning.registry import InForce, in_force, register, valid_from, version_of
from mend.grumbles.warning.rules import Rules, load_rules, rules_on
from mend.grumbles.warning.verdict import IN_FORCE, Decision, decide

FIGURES = ("auc", "average_precision", "lift_1", "lift_5", "lift_10", "brier", "calibration_error")


@dataclass(frozen=True)
class ModelReport:
    """A month's training. For each horizon: version, promoted or not, and why; horizons without enough data are in
    `not_trained`.
    """

    month: str
    rows: int
    versions: tuple[str, ...]
    promoted: tuple[str, ...]
    not_trained: tuple[str, ...]
    figures: Mapping[str, float]


def train_models(home: Home, bench: Workbench, month: str) -> ModelReport:
    """Train, judge and register the month's models (7 and 30 days) from what is loaded up to the month's end (YYYY-MM).

    A rerun gives the same versions from the same data, and takes the place of the month's earlier entries.
    """
    day = days_of(month)[-1]
    rules, judging = rules_on(day, load_rules(home.root / "rules" / "warning")), judging_on(day, home)
    past = history(bench, rules, last_loaded_day(home, bench, month), judging.learning.dense_rows)
    entries, missing, near = [], [], None
    for horizon in rules.model.horizons:
        chosen = split(past, rules, horizon) if past else None
        if past is None or chosen is None:
            missing.append(f"{horizon} days: no night is long enough before the last day")
        elif reason := _too_little(chosen, rules):
            missing.append(f"{horizon} days: {reason}")
        else:
            entry, near = _train(home, bench, rules, judging, month, past, chosen, horizon, near)
            entries.append(entry)
    register(home, bench, month, entries)
    return ModelReport(
        month,
        len(past.rows) if past else 0,
        tuple(entry["model_version"] for entry in entries),
        tuple(entry["model_version"] for entry in entries if entry["is_promoted"]),
        tuple(missing),
        {
            f"{name}_{entry['horizon_days']}_days": entry[name]
            for entry in entries
            for name in ("auc", "lift_5", "observed_over_expected", "calibration_slope")
            if entry[name] is not None
        },
    )


def last_loaded_day(home: Home, bench: Workbench, month: str) -> dt.date:
    """The month's last day, or the last day before it that is loaded: what happened later is not known yet, and never
    'no complaint'.
    """
    end = days_of(month)[-1]
    loaded = {
        *operations.loaded_dates(home.database_url),
        *bench.lake.days("mart_grumble", "grumbled_on"),
        *bench.lake.days("mart_complaint", "complained_on"),
    }
    return min(end, max(loaded, default=end))


def _train(
    home: Home, bench: Workbench, rules: Rules, judging: Judging, month: str, past: History, chosen: Split,
    horizon: int, near: Learned | None,
) -> tuple[dict[str, Any], Learned]:  # fmt: skip
    """The registry's entry of one horizon, and the model up to date."""
    candidate = fitted(rules, judging, past, chosen, horizon)
    before = in_force(bench, horizon, valid_from(rules, month), before_month=month)
    rivals = _rivals(bench, rules, judging, past, chosen, horizon, before)
    judged = judge(judging, chosen, candidate, rivals, before.learned_to if before else None)
    decision = decide(judging, judged.calibration, judged.precision, judged.rivals)
    newest = brought_up_to_date(rules, judging, past, horizon, near)
    model_picture(home, version_of(month, newest.model), judged)
    return _entry(rules, month, past, chosen, newest.model, before, judged, decision), newest


def _too_little(chosen: Split, rules: Rules) -> str | None:
    teaching = ~chosen.is_held_out
    if teaching.sum() < rules.model.least_rows:
        return f"{int(teaching.sum())} rows to learn from, {rules.model.least_rows} are needed"
    for name, rows in (("learn from", teaching), ("be judged by", chosen.is_held_out)):
        count = int(chosen.happened[rows].sum())
        if count < rules.model.least_complaints or count == int(rows.sum()):
            return f"{count} rows with a complaint to {name}, {rules.model.least_complaints} are needed"
    return None


def _rivals(
    bench: Workbench, rules: Rules, judging: Judging, past: History, chosen: Split, horizon: int, before: InForce | None
) -> dict[str, Floats]:
    """Probabilities of the hold-out by the two baselines and, where there is one, by the version in force."""
    held_out = chosen.held_out[0]
    rivals = {}
    if before is not None:
        rivals[IN_FORCE] = before.model.probability(renamed(held_out, past.areas, before.model.areas))
    return rivals | {
        "rate_by_type": _rate_by_type(bench, rules, held_out, horizon, chosen.held_out_nights[0]),
        "recency_and_frequency": fitted(rules, judging, past, chosen, horizon, RECENCY_AND_FREQUENCY).probability(
            held_out
        ),
    }


def renamed(rows: pa.Table, areas: tuple[str, ...], wanted: tuple[str, ...]) -> pa.Table:
    """The rows with the columns open_<place> of a model that counts its areas otherwise; an area that is not there is
    empty.
    """
    kept = rows.drop_columns([f"open_{place}" for place in range(len(areas))])
    for place, area in enumerate(wanted):
        column = rows[f"open_{areas.index(area)}"] if area in areas else pa.nulls(len(rows), pa.int32())
        kept = kept.append_column(f"open_{place}", column)
    return kept


def _rate_by_type(bench: Workbench, rules: Rules, rows: pa.Table, horizon: int, day: dt.date) -> Floats:
    with open_step(bench, "rates") as step:
        make_type_rates(step, rules, [day], horizon)
        rates = {area: rate for _, area, rate in step.read("type_rate")}
    found = [rates.get(area, rates.get("*", 0.0)) for area in rows["area_code"].to_pylist()]
    return np.asarray(found, dtype=np.float64)


def _entry(
    rules: Rules, month: str, past: History, chosen: Split, model: ComplaintModel, before: InForce | None,
    judged: Judged, decision: Decision,
) -> dict[str, Any]:  # fmt: skip
    found = judged.calibration
    against = judged.rivals.get(IN_FORCE)
    return {
        "month": month,
        "horizon_days": model.horizon_days,
        "model_version": version_of(month, model),
        "valid_from": valid_from(rules, month),
        "is_promoted": decision.is_promoted,
        "decision_en": decision.en,
        "decision_zh": decision.zh,
        "replaces_version": before.version if before else None,
        "trained_from": chosen.nights[0],
        "trained_to": chosen.nights[-1],
        "held_out_from": chosen.held_out_nights[0],
        "held_out_to": chosen.held_out_nights[-1],
        "learned_to": pc.max(everything(past, model.horizon_days)[0]["day_on"]).as_py(),
        "training_count": int((~chosen.is_held_out).sum()),
        "calibration_count": judged.recent,
        "held_out_count": int(chosen.is_held_out.sum()),
        "held_out_customer_count": judged.customers,
        "data_digest": _digest(chosen),
        **{name: getattr(judged.figures, name) for name in FIGURES},
        "customer_average_precision": judged.precision,
        **_range("difference", against.difference if against else None),
        **_range("observed_over_expected", found.ratio),
        **_range("calibration_slope", found.slope),
        **_range("earlier_observed_over_expected", judged.earlier),
        "comparisons": json.dumps(judged.comparisons(), sort_keys=True),
        "model": model.to_json(),
    }


def _range(name: str, found: Range | None) -> dict[str, float | None]:
    if found is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _digest(chosen: Split) -> str:
    """SHA-256 of features and labels, row by row in their order."""
    digest = hashlib.sha256()
    for name in sorted(chosen.rows.column_names):
        digest.update(name.encode())
        column = pc.fill_null(chosen.rows[name].cast(pa.string()), "\0")
        digest.update("\n".join(column.to_pylist()).encode())
    return digest.hexdigest()
