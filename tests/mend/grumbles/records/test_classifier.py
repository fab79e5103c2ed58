"""The classifier of texts: right on later notes, unsure where a note says nothing, stored as plain numbers, in force
from its month on.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.mend.damage.scoring.rows import put
from tests.mend.grumbles.records.notes import as_contact, simulated_notes

from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.records import load_taxonomies, record_grumbles, train_classifier
from mend.grumbles.records.classifier import ClassifierError, TextClassifier
from mend.grumbles.records.fitting import calibrate, calibration_error, fit, judge
from mend.grumbles.records.keywords import KeywordReader
from mend.grumbles.records.taxonomy import FOLDER
from mend.grumbles.records.texts import NOT_A_GRUMBLE

CUSTOMERS, MONTHS = 7000, 2
LEAST = 0.5


def labelled(notes: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Texts and labels as training sees them: coded grumbles, and calm notes."""
    kept = [note for note in notes if "." in (note["grumble_type_code"] or "") or not note["has_grumble"]]
    return [note["note_text"] for note in kept], [note["grumble_type_code"] or NOT_A_GRUMBLE for note in kept]


@pytest.fixture(scope="module")
def notes() -> list[dict[str, Any]]:
    return simulated_notes(CUSTOMERS, MONTHS, 5)


@pytest.fixture(scope="module")
def later(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return notes[int(len(notes) * 0.75) :]


@pytest.fixture(scope="module")
def model(notes: list[dict[str, Any]]) -> TextClassifier:
    first, second = int(len(notes) * 0.65), int(len(notes) * 0.75)
    return calibrate(fit(*labelled(notes[:first])), *labelled(notes[first:second]))


def test_it_reads_later_notes_that_have_no_code(model: TextClassifier, later: list[dict[str, Any]]) -> None:
    """The very notes it is there for, held against the truth: most are read, nearly all of these rightly."""
    uncoded = [note for note in later if note["has_grumble"] and note["grumble_type_code"] is None]
    judged = judge(model, [note["note_text"] for note in uncoded], [note["point_code"] for note in uncoded], LEAST)
    assert len(uncoded) > 30
    assert judged.accuracy > 0.9
    assert judged.coverage > 0.75


def test_it_is_right_and_knows_how_sure_it_is(model: TextClassifier, later: list[dict[str, Any]]) -> None:
    texts, labels = labelled(later)
    judged = judge(model, texts, labels, LEAST)
    by_keywords = judge(KeywordReader(load_taxonomies()[0]), texts, labels, LEAST)
    assert judged.accuracy > 0.93
    assert judged.coverage > 0.85
    assert judged.right_share > by_keywords.right_share + 0.2
    assert calibration_error(model, texts, labels) < 0.06
    assert judged.types[NOT_A_GRUMBLE]["recall"] > 0.9


def test_it_reads_english_too(model: TextClassifier, later: list[dict[str, Any]]) -> None:
    english = [note for note in later if note["note_text"].isascii() and note["has_grumble"] and not note["is_vague"]]
    judged = judge(model, [note["note_text"] for note in english], [note["point_code"] for note in english], LEAST)
    assert len(english) > 20
    assert judged.accuracy > 0.85
    assert judged.coverage > 0.3, "few learning notes are in English"


def test_a_note_that_says_nothing_stays_unclassified(model: TextClassifier, later: list[dict[str, Any]]) -> None:
    vague = [note["note_text"] for note in later if note["is_vague"] and note["has_grumble"]]
    readings = model.read([*vague, "ΩψξÞ"], LEAST)
    assert len(vague) > 15
    assert sum(reading.code is None for reading in readings) > 0.75 * len(readings)
    assert readings[-1].code is None, "a text of which nothing is known is not given the most frequent class"


def test_an_area_is_told_where_none_of_its_points_is_sure() -> None:
    """杂 speaks for two points of one area alike, 贵 for a third elsewhere."""
    weights = ((2.0, 0.0), (2.0, 0.0), (0.0, 2.0))
    small = TextClassifier(
        ("call.noise", "call.one_way", "price"), ("杂", "贵"), (1.0, 1.0), weights, (0.0, 0.0, 0.0), 1.0
    )
    assert [(each.code, round(each.confidence, 2)) for each in small.read(["杂", "贵", "?"], 0.75)] == [
        ("call", 0.94),
        ("price", 0.79),
        (None, 0),
    ]
    assert [each.code for each in small.read(["杂贵"], 0.75)] == [None]


def test_a_model_is_the_same_after_a_round_trip_and_from_the_same_notes(
    model: TextClassifier, notes: list[dict[str, Any]]
) -> None:
    again = TextClassifier.from_json(model.to_json())
    assert again == model
    assert again.version == model.version
    few = labelled(notes[:300])
    assert fit(*few) == fit(*few)
    assert "13812345678" not in fit([f"{text} 13812345678" for text in few[0]], few[1]).to_json()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gASVIQAAAAAAAACMBXBvc2l4", "not JSON"),
        ("{}", "not of the form"),
        ('{"form": "mend text classifier 1", "classes": [1]}', "classes are not words"),
        ('{"form": "mend text classifier 1", "classes": ["a"], "sequences": [], "idf": ["x"]}', "idf are not numbers"),
    ],
)
def test_what_is_no_model_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ClassifierError, match=reason):
        TextClassifier.from_json(text)


def test_parts_that_do_not_fit_are_refused(model: TextClassifier) -> None:
    content = json.loads(model.to_json())
    content["idf"].pop()
    with pytest.raises(ClassifierError, match="do not fit together"):
        TextClassifier.from_json(json.dumps(content))


def in_april(day: int) -> dt.date:
    return dt.date(2026, 4, day)


@pytest.fixture
def taught(home: Home, bench: Workbench, notes: list[dict[str, Any]]) -> Home:
    """March and April in the core tables, recorded by keywords."""
    put(bench, "contact", [as_contact(note) for note in notes])
    record_grumbles(home, bench, [dt.date(2026, 3, 30), *(in_april(day) for day in range(1, 31))])
    return home


def classified(bench: Workbench) -> dict[str, tuple[Any, ...]]:
    bench.view("mart_grumble")
    rows = bench.sql(
        "select source_id, grumble_type_code, classified_by_code, confidence, classifier_version from mart_grumble"
    )
    return {row[0]: row[1:] for row in rows}


def test_a_months_model_is_registered_and_classifies_from_the_next_month_on(
    taught: Home, bench: Workbench, notes: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    before = classified(bench)
    report = train_classifier(taught, bench, "2026-03")
    assert report.is_promoted
    assert report.decision.startswith("promoted: ")
    assert report.decision.endswith("by keywords:1990-01-01")
    assert report.held_out_count > 100
    assert report.accuracy > 0.85
    assert train_classifier(taught, bench, "2026-03") == replace(report, rerecorded_days=0), "a month is trained once"
    after = classified(bench)
    assert {before[name] for name in before} >= {after[name] for name in _of(notes, "2026-03") & after.keys()}, (
        "March stays as it was"
    )
    read = [after[name] for name in _of(notes, "2026-04") & after.keys() if after[name][1] == "text"]
    assert {version for *_, version in read} == {report.version}
    texts = {note["note_text"] for note in notes}
    assert not any(text in message for message in [*caplog.messages, repr(report)] for text in texts)
    _same_when_run_again(taught, bench, after)


def _of(notes: list[dict[str, Any]], month: str) -> set[str]:
    return {note["contact_id"] for note in notes if note["started_at"].startswith(month)}


def _same_when_run_again(home: Home, bench: Workbench, expected: dict[str, tuple[Any, ...]]) -> None:
    """Past days that run again are classified by what is in force on them, not by what is newest."""
    record_grumbles(home, bench, [dt.date(2026, 3, 30), in_april(2)])
    assert classified(bench) == expected


def test_too_little_to_learn_from_is_said_and_nothing_is_registered(
    home: Home, bench: Workbench, notes: list[dict[str, Any]]
) -> None:
    put(bench, "contact", [as_contact(note) for note in notes[:100]])
    report = train_classifier(home, bench, "2026-03")
    assert (report.version, report.is_promoted) == ("", False)
    assert "at least 300 are needed" in report.decision
    bench.view("mart_grumble_classifier")
    assert bench.sql("select count(*) from mart_grumble_classifier") == [(0,)]


def test_a_worse_model_is_not_promoted(home: Home, bench: Workbench, notes: list[dict[str, Any]]) -> None:
    """April's codes are shuffled among its notes: what is learnt from them is worse than what March taught."""
    march = [note for note in notes if note["started_at"].startswith("2026-03")]
    put(bench, "contact", [as_contact(note) for note in march])
    assert train_classifier(home, bench, "2026-03").is_promoted
    taxonomy = (home.root / "taxonomy").resolve()
    taxonomy.mkdir(parents=True)
    text = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("training_days: 184", "training_days: 30")
    (taxonomy / "1990-01-01.yaml").write_text(text, "utf-8")
    april = [note for note in notes if note["started_at"].startswith("2026-04")]
    texts = [note["note_text"] for note in april]
    held_out = int(len(april) * 0.8)
    wrong = [*texts[1:held_out], texts[0], *texts[held_out:]]
    put(bench, "contact", [as_contact(note, note_text=words) for note, words in zip(april, wrong, strict=True)])
    report = train_classifier(home, bench, "2026-04")
    assert not report.is_promoted
    assert report.decision.startswith("not promoted: ")
