"""A month's classifier: trained on coded notes, judged on later ones, compared with the one in force, registered."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

from mend.foundation.home import Home
from mend.foundation.lake.filters import equal
from mend.foundation.periods import ONE_DAY, days_of
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import open_step
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records.classifier import TextClassifier
from mend.grumbles.records.fitting import Judged, calibrate, calibration_error, fit, judge
from mend.grumbles.records.plan import view_between, whole_plan
from mend.grumbles.records.reading import Readers
from mend.grumbles.records.step import put_taxonomies, record
from mend.grumbles.records.taxonomy import Taxonomy, area_of, load_taxonomies, taxonomy_on
from mend.grumbles.records.taxonomy_file import Settings
from mend.grumbles.records.texts import NOT_A_GRUMBLE

REPORTED: Final = (
    "month",
    "classifier_version",
    "is_promoted",
    "decision",
    "training_count",
    "held_out_count",
    "accuracy",
    "coverage",
    "calibration_error",
)
CALM_PART: Final = 4  # notes without displeasure: one for so many of the limit at most
Example = tuple[str, dt.date, str, str]  # contact, day, note, label


@dataclass(frozen=True)
class ClassifierReport:
    """What a training came to. `version` is empty, and the figures unknown, when there was too little to learn from;
    `rerecorded_days` counts the days that were classified again because the classifier in force on them changed."""

    month: str
    version: str
    is_promoted: bool
    decision: str
    training_count: int
    held_out_count: int
    accuracy: float | None
    coverage: float | None
    calibration_error: float | None
    rerecorded_days: int = 0


@dataclass(frozen=True)
class Split:
    """Examples by time: those to fit on, those after them to calibrate on, and the latest to judge by."""

    fitted: list[Example]
    calibrating: list[Example]
    held_out: list[Example]


def train_classifier(home: Home, bench: Workbench, month: str, again: bool = False) -> ClassifierReport:
    """Train the classifier of a month (YYYY-MM), in force from the first day of the next, unless it is worse than the
    one in force.

    A month is trained once: a rerun gives what was decided then, and the classification of past days stays as it was.

    Args:
        again: train it once more, on the data as they are now, and classify the days again on which it is in force.
    """
    known = _registered(bench, month)
    if known and not again:
        return known
    versions = load_taxonomies(home.root / "taxonomy")
    last = days_of(month)[-1]
    taxonomy = taxonomy_on(last, versions)
    examples = _examples(bench, taxonomy, last)
    split = _split(examples, taxonomy.settings)
    if reason := _too_little(split, taxonomy.settings):
        return ClassifierReport(month, "", False, reason, len(split.fitted), len(split.held_out), None, None, None)
    row = _trained(bench, month, taxonomy, split)
    bench.replace("mart_grumble_classifier", _as_query(bench, row), equal("month", month), row)
    is_changed = row["is_promoted"] or (known is not None and known.is_promoted)
    days = _record_again(bench, row["valid_from"], versions) if is_changed else 0
    return replace(ClassifierReport(*(row[name] for name in REPORTED)), rerecorded_days=days)


def _registered(bench: Workbench, month: str) -> ClassifierReport | None:
    bench.view("mart_grumble_classifier", where=equal("month", month), as_name="classifier")
    rows = bench.sql(f"select {', '.join(REPORTED)} from classifier where month = $month", {"month": month})
    return ClassifierReport(*rows[0]) if rows else None


def _examples(bench: Workbench, taxonomy: Taxonomy, last: dt.date) -> list[Example]:
    """Coded notes up to the last day, in order of time. An area alone is a label only where no point of it is one."""
    settings = taxonomy.settings
    first = last - (settings.training_days - 1) * ONE_DAY
    values = {
        "not_a_grumble": NOT_A_GRUMBLE,
        "limit": settings.training_limit,
        "calm_limit": max(1, settings.training_limit // CALM_PART),
        "days": [first + number * ONE_DAY for number in range(settings.training_days)],
    }
    with open_step(bench, "classifier") as step:
        view_between(step, "core_contact", "started_on", first, last, "noted_file")
        put_taxonomies(step, [taxonomy])
        rows: list[Example] = step.rows(read_model("grumbles/records", "training"), values)
    rows = sorted(rows, key=lambda row: (row[1], row[0]))
    pointed = {area_of(label) for *_, label in rows if "." in label}
    rows = [row for row in rows if row[3] not in pointed]
    counted = Counter(label for *_, label in rows)
    return [row for row in rows if counted[row[3]] >= settings.least_rows_of_type]


def _split(examples: list[Example], settings: Settings) -> Split:
    """By whole days: the latest are held out, those before them calibrate."""
    held_out_from = _last_days(examples, settings.held_out_share)
    earlier = [example for example in examples if example[1] < held_out_from]
    calibrating_from = _last_days(earlier, settings.calibration_share)
    return Split(
        [example for example in earlier if example[1] < calibrating_from],
        [example for example in earlier if example[1] >= calibrating_from],
        [example for example in examples if example[1] >= held_out_from],
    )


def _last_days(examples: list[Example], share: float) -> dt.date:
    """The first of the last days that hold this share of the examples, or a little more."""
    counted = Counter(day for _, day, *_ in examples)
    days = sorted(counted, reverse=True)
    sums = accumulate(counted[day] for day in days)
    return next((day for day, total in zip(days, sums, strict=True) if total >= share * len(examples)), dt.date.max)


def _too_little(split: Split, settings: Settings) -> str | None:
    """Why nothing can be learnt, or None."""
    if len(split.fitted) < settings.least_training_rows:
        return f"{len(split.fitted)} coded notes to learn from; at least {settings.least_training_rows} are needed"
    if len({label for *_, label in split.fitted}) < 2:
        return "all coded notes are of one type"
    return None


def _trained(bench: Workbench, month: str, taxonomy: Taxonomy, split: Split) -> dict[str, Any]:
    """The row of the registry."""
    least, worse_by = taxonomy.settings.least_confidence, taxonomy.settings.worse_by
    model = calibrate(fit(*_columns(split.fitted)), *_columns(split.calibrating))
    texts, labels = _columns(split.held_out)
    judged = judge(model, texts, labels, least)
    valid_from = days_of(month)[-1] + ONE_DAY
    before = Readers(bench, except_month=month).on(valid_from, taxonomy)
    judged_before = judge(before, texts, labels, least)
    is_promoted = judged.right_share >= judged_before.right_share - worse_by
    return {
        "month": month,
        "classifier_version": model.version,
        "valid_from": valid_from,
        "is_promoted": is_promoted,
        "decision": _decision(is_promoted, judged, judged_before, before.version),
        "trained_from": split.fitted[0][1],
        "held_out_from": split.held_out[0][1],
        "trained_to": split.held_out[-1][1],
        "data_digest": _digest(split),
        "snapshot_id": _snapshot(bench),
        "training_count": len(split.fitted) + len(split.calibrating),
        "held_out_count": len(split.held_out),
        "accuracy": judged.accuracy,
        "coverage": judged.coverage,
        "calibration_error": calibration_error(model, texts, labels),
        "metrics": json.dumps(
            {"types": judged.types, "before": {"version": before.version, "right_share": judged_before.right_share}}
        ),
        "model": _stored(model),
    }


def _stored(model: TextClassifier) -> str:
    text = model.to_json()
    assert TextClassifier.from_json(text) == model, "a model is what is read back"
    return text


def _decision(is_promoted: bool, new: Judged, before: Judged, version: str) -> str:
    verb = "promoted" if is_promoted else "not promoted"
    return (
        f"{verb}: {100 * new.right_share:.1f} % of the held-out notes read rightly, {100 * before.right_share:.1f} "
        f"% by {version}"
    )


def _columns(examples: list[Example]) -> tuple[list[str], list[str]]:
    return [note for _, _, note, _ in examples], [label for *_, label in examples]


def _digest(split: Split) -> str:
    digest = hashlib.sha256()
    for example in (*split.fitted, *split.calibrating, *split.held_out):
        digest.update(json.dumps([str(part) for part in example], ensure_ascii=False).encode())
    return digest.hexdigest()


def _snapshot(bench: Workbench) -> str:
    snapshot = bench.lake.table("core_contact", fresh=True).current_snapshot()
    return str(snapshot.snapshot_id) if snapshot else ""


def _as_query(bench: Workbench, row: dict[str, Any]) -> str:
    return "select " + ", ".join(
        f"${name} as {name}" for name in bench.described("mart_grumble_classifier").column_names if name in row
    )


def _record_again(bench: Workbench, first: dt.date, versions: list[Taxonomy]) -> int:
    """Classify the recorded days again on which the classifier of `first` is in force."""
    bench.view("mart_grumble_classifier", as_name="classifier")
    until = bench.sql(
        "select min(valid_from) from classifier where is_promoted and valid_from > $first", {"first": first}
    )[0][0]
    reach = max(version.settings.ticket_reach_days for version in versions)
    with open_step(bench, "grumbles") as step:
        return record(step, whole_plan(step, first, until, reach), versions).contact_days
