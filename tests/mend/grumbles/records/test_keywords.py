"""Reading by keywords: one common word is not enough, and the reading says how sure it is."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from mend.grumbles.records import load_taxonomies
from mend.grumbles.records.keywords import SUREST, KeywordReader

LEAST = 0.5
EVERYDAY = [line.split("\t") for line in (Path(__file__).parent / "everyday.tsv").read_text("utf-8").splitlines()]
READER = KeywordReader(load_taxonomies()[0])


@pytest.mark.parametrize(("code", "text"), EVERYDAY, ids=[text for _, text in EVERYDAY])
def test_everyday_words_are_no_grumble_and_grumbles_are_read(code: str, text: str) -> None:
    assert READER.read([text], LEAST)[0].code == (None if code == "none" else code)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("电梯", None),  # a common word
        ("乱收费", 0.6),  # a phrase that names the trouble: the setting's confidence
        ("乱收费，话费异常", 0.75),  # two of them: surer, and never surer than keywords can be
        ("话费多扣", 0.7),  # a phrase and a word of its area
        ("乱收费，还听不到对方", None),  # two troubles of two areas: nobody knows which
        ("话费多扣，听不到对方", 0.6),  # more speaks for the one than for the other
    ],
)
def test_confidence_grows_with_evidence_and_shrinks_with_what_speaks_for_another_area(
    text: str, confidence: float | None
) -> None:
    found = READER.read([text], LEAST)[0]
    assert (found.confidence if found.code else None) == confidence


def test_keywords_alone_never_make_a_grumble_of_a_text_that_nobody_called_one() -> None:
    assert READER.taxonomy.settings.least_confidence_unasked > SUREST


def test_real_complaints_of_an_operator_are_read_with_the_doubt_that_they_leave(shared_data: Path) -> None:
    with (shared_data / "comcast" / "complaints.csv").open(encoding="utf-8") as file:
        texts = [row["Customer Complaint"] for row in csv.DictReader(file)]
    read = dict(zip(texts, READER.read(texts, LEAST), strict=True))
    kinds = Counter("none" if each.code is None else "point" if "." in each.code else "area" for each in read.values())
    assert kinds["point"] > 700
    assert kinds["area"] > 100
    assert read["Comcast"].code is None
    assert read["Deceptive sales- change in billing amount etc."].code == "marketing.misleading"
    assert {each.confidence for each in read.values() if each.code} >= {0.5381, 0.6, 0.7, 0.75}
