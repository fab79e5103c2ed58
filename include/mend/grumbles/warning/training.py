"""The month's complaint models: fitted, calibrated, compared on later nights, and promoted or not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.periods import days_of
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.warning.charts import calibration_picture
from mend.grumbles.warning.complaint_model import ComplaintModel, Floats
from mend.grumbles.warning.fit import RECENCY_AND_FREQUENCY, fit
from mend.grumbles.warning.history import History, Split, history, split
from mend.grumbles.warning.metrics import Metrics, calibration_bins, measure
from mend.grumbles.warning.probability import make_type_rates
from mend.grumbles.warning.registry import InForce, in_force, register, valid_from, version_of
from mend.grumbles.warning.rules import Rules, load_rules, rules_on

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


@dataclass(frozen=True)
class Decision:
    """Whether a version is promoted, and why, in words."""

    is_promoted: bool
    en: str
    zh: str


def train_models(home: Home, bench: Workbench, month: str) -> ModelReport:
    """Train, judge and register the month's models (7 and 30 days) from what is loaded up to the month's end (YYYY-MM).

    A rerun gives the same versions from the same data, and takes the place of the month's earlier entries.
    """
    rules = rules_on(days_of(month)[-1], load_rules(home.root / "rules" / "warning"))
    past = history(bench, rules, last_loaded_day(home, bench, month))
    entries, missing = [], []
    for horizon in rules.model.horizons:
        entry = _train(home, bench, rules, month, horizon, past)
        if isinstance(entry, str):
            missing.append(f"{horizon} days: {entry}")
        else:
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
            for name in ("auc", "lift_5", "calibration_error")
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
    home: Home, bench: Workbench, rules: Rules, month: str, horizon: int, past: History | None
) -> dict[str, Any] | str:
    """The registry's entry of one horizon, or the reason why there is none."""
    chosen = split(past, rules, horizon) if past else None
    if past is None or chosen is None:
        return "no night is long enough before the last day"
    if reason := _too_little(chosen, rules):
        return reason
    candidate = fitted(rules, past, chosen, horizon)
    held_out, happened = _held_out(chosen)
    before = in_force(bench, horizon, valid_from(rules, month), before_month=month)
    probability = candidate.probability(held_out)
    rivals = _rivals(bench, rules, past, chosen, horizon, before)
    figures = measure(probability, happened)
    others = {name: measure(rival, happened) for name, rival in rivals.items()}
    version = version_of(month, candidate)
    calibration_picture(home, version, calibration_bins(probability, happened), figures)
    decision = decide(rules, figures, others)
    return _entry(rules, month, chosen, candidate, before, figures, others, decision)


def _too_little(chosen: Split, rules: Rules) -> str | None:
    teaching = ~chosen.is_held_out
    if teaching.sum() < rules.model.least_rows:
        return f"{int(teaching.sum())} rows to learn from, {rules.model.least_rows} are needed"
    for name, rows in (("learn from", teaching & ~chosen.is_later), ("be judged by", chosen.is_held_out)):
        count = int(chosen.happened[rows].sum())
        if count < rules.model.least_complaints or count == int(rows.sum()):
            return f"{count} rows with a complaint to {name}, {rules.model.least_complaints} are needed"
    return None


def fitted(
    rules: Rules, past: History, chosen: Split, horizon: int, only: tuple[str, ...] | None = None
) -> ComplaintModel:
    """The model of a split's teaching rows. `only`: these features alone."""
    near = _near(rules, past, chosen, horizon) if only is None else None
    return fit(horizon, past.areas, *chosen.teaching, rules.model.penalty, only, near)


def _near(rules: Rules, past: History, chosen: Split, horizon: int) -> ComplaintModel | None:
    """For the longer horizon, a model of the shorter one from all nights whose outcome was known by the same hold-out:
    many more nights show by then what comes within 7 days than what comes within 30."""
    shorter = min(rules.model.horizons)
    known = split(past, rules, shorter, chosen.held_out_nights) if horizon > shorter else None
    if known is None or not known.teaching[1].any():
        return None
    return fit(shorter, past.areas, *known.teaching, rules.model.penalty)


def _held_out(chosen: Split) -> tuple[pa.Table, Any]:
    return chosen.rows.filter(pa.array(chosen.is_held_out)), chosen.happened[chosen.is_held_out]


def _rivals(
    bench: Workbench, rules: Rules, past: History, chosen: Split, horizon: int, before: InForce | None
) -> dict[str, Floats]:
    """Probabilities of the hold-out by the two baselines and, where there is one, by the version in force."""
    held_out, _ = _held_out(chosen)
    rivals = {}
    if before is not None:
        rivals["in_force"] = before.model.probability(renamed(held_out, past.areas, before.model.areas))
    return rivals | {
        "rate_by_type": _rate_by_type(bench, rules, held_out, horizon, chosen.held_out_nights[0]),
        "recency_and_frequency": fitted(rules, past, chosen, horizon, RECENCY_AND_FREQUENCY).probability(held_out),
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


def decide(rules: Rules, figures: Metrics, others: Mapping[str, Metrics]) -> Decision:
    """Promoted unless worse on the hold-out than the version in force or a baseline, or badly calibrated."""
    limit = rules.model.most_calibration_error
    if figures.calibration_error > limit:
        return Decision(
            False,
            f"kept back: calibration error {figures.calibration_error:.3f} is over {limit}",
            f"不启用：校准误差{figures.calibration_error:.3f}超过{limit}",
        )
    names = {"in_force": ("the version in force", "现用模型"), "rate_by_type":
    ("last month's rate by type", "上月分类型比率"),
             "recency_and_frequency": ("recency and frequency alone", "仅用最近与频次的模型")}  # fmt: skip
    for name, other in others.items():
        if figures.average_precision < other.average_precision:
            own, its = f"{figures.average_precision:.4f}", f"{other.average_precision:.4f}"
            en, zh = names[name]
            reason = (
                f"kept back: average precision {own} is under {its} of {en}",
                f"不启用：平均精度{own}低于{zh}的{its}",
            )
            return Decision(False, *reason)
    against = "the version in force and both baselines" if "in_force" in others else "both baselines"
    against_zh = "现用模型与两个基线" if "in_force" in others else "两个基线"
    value = f"{figures.average_precision:.4f}"
    return Decision(
        True,
        f"promoted: average precision {value}, no worse than {against}",
        f"启用：平均精度{value}，不低于{against_zh}",
    )


def _entry(
    rules: Rules, month: str, chosen: Split, model: ComplaintModel, before: InForce | None, figures: Metrics,
    others: Mapping[str, Metrics], decision: Decision,
) -> dict[str, Any]:  # fmt: skip
    teaching = ~chosen.is_held_out
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
        "training_count": int((teaching & ~chosen.is_later).sum()),
        "calibration_count": int(chosen.is_later.sum()),
        "held_out_count": int(chosen.is_held_out.sum()),
        "data_digest": _digest(chosen),
        **{name: getattr(figures, name) for name in FIGURES},
        "comparisons": json.dumps({name: asdict(other) for name, other in others.items()}, sort_keys=True),
        "model": model.to_json(),
    }


def _digest(chosen: Split) -> str:
    """SHA-256 of features and labels, row by row in their order."""
    digest = hashlib.sha256()
    for name in sorted(chosen.rows.column_names):
        digest.update(name.encode())
        column = pc.fill_null(chosen.rows[name].cast(pa.string()), "\0")
        digest.update("\n".join(column.to_pylist()).encode())
    return digest.hexdigest()
