"""Inbound messages into answers: matched without doubt or given to a person, the first valid one counts, opt-outs at once."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from importlib.resources import files
from pathlib import Path

import pytest
from tests.mend.survey.desk import PHONE, customer, drop, event, moment, open_account, reply, rows, sent

from mend.extract import extract, read_source
from mend.home import Home
from mend.survey import SurveyError, dispatch, export_answers, manual_queue, read_replies, settle_reply
from mend.survey.matching import Asked, match
from mend.workbench import Workbench

AT = moment("2026-05-11 10:02")
LATER = moment("2026-05-11 11:00")
KEY = "complex_topic_ended:C1"
SECOND = "complex_topic_ended:C2"
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(home: Home) -> Home:
    """Two surveys are open for customer A's number, from extensions 01 and 02."""
    open_account(home)
    customer(home, "A")
    drop(home, event("C1", "A", "2026-05-11 10:00"), event("C2", "A", "2026-05-11 10:01"))
    dispatch(home, AT)
    dispatch(home, AT + 3 * MINUTE)
    sent(home, KEY, AT + MINUTE, "01")
    sent(home, SECOND, AT + 4 * MINUTE, "02")
    return home


def answers(home: Home) -> list[tuple[object, ...]]:
    return rows(home, "select survey_id, state_code, meaning_code, is_solved from survey order by 1")


def test_the_extension_says_which_survey_is_answered(desk: Home) -> None:
    reply(desk, "７", LATER, extension="02")
    report = read_replies(desk, LATER)
    assert (report.read, report.first, report.for_people) == (1, 1, 0)
    assert answers(desk) == [(KEY, "sent", None, None), (SECOND, "answered", "unsolved", False)]
    assert rows(desk, "select state_code, survey_id from sms_inbound") == [("matched", SECOND)]


def test_the_first_valid_answer_wins_and_later_ones_are_kept(desk: Home) -> None:
    for minutes, words in enumerate(["什么意思？", "没解决", "1"]):
        reply(desk, words, LATER + minutes * MINUTE)
    read_replies(desk, LATER + HOUR)
    assert rows(desk, "select standing_code, meaning_code, needs_person from survey_reply order by received_at") == [
        ("unclear", "unclear", True), ("first", "unsolved", False), ("later", "solved", False),
    ]  # fmt: skip
    assert answers(desk)[0] == (KEY, "answered", "unsolved", False)


def test_a_stripped_extension_counts_only_when_one_survey_is_open(desk: Home) -> None:
    reply(desk, "7", LATER, extension=None)
    read_replies(desk, LATER)
    assert rows(desk, "select match_code, standing_code, needs_person from survey_reply") == [("ambiguous", "unmatched", True)]
    reply(desk, "1", LATER + MINUTE, extension="02")
    read_replies(desk, LATER + MINUTE)
    reply(desk, "7", LATER + 2 * MINUTE, extension=None)
    read_replies(desk, LATER + 2 * MINUTE)
    assert answers(desk) == [(KEY, "answered", "unsolved", False), (SECOND, "answered", "solved", True)]


def test_an_opt_out_holds_at_once_and_answers_nothing(desk: Home) -> None:
    reply(desk, "回T退订", LATER)
    reply(desk, "td", LATER + MINUTE, phone="+8613900000009", extension=None)
    assert read_replies(desk, LATER + MINUTE).opt_out == 2
    assert rows(desk, "select phone_number, opted_out_at, source_code from sms_opt_out order by 2") == [
        (PHONE, LATER, "reply"), ("+8613900000009", LATER + MINUTE, "reply"),
    ]  # fmt: skip
    drop(desk, event("C3", "A", "2026-06-20 10:00"), name="june.jsonl")
    assert dispatch(desk, moment("2026-06-20 10:02")).refused == {"opted_out": 1}


def test_messages_are_read_once_and_only_those_of_the_interval(desk: Home) -> None:
    reply(desk, "7", LATER)
    assert read_replies(desk, LATER - MINUTE).read == 0
    assert read_replies(desk, LATER).first == 1
    assert read_replies(desk, LATER).read == 0


def test_a_person_reads_what_is_unclear(desk: Home) -> None:
    reply(desk, "嗯……看看再说", LATER)
    read_replies(desk, LATER)
    (waiting,) = manual_queue(desk)
    assert (waiting["kind_code"], waiting["survey_id"], waiting["reason_code"]) == ("reply", KEY, "unclear")
    settle_reply(desk, waiting["inbound_id"], "P1", LATER + HOUR, "unsolved")
    assert answers(desk)[0] == (KEY, "answered", "unsolved", False)
    assert manual_queue(desk) == []
    with pytest.raises(SurveyError, match="does not wait"):
        settle_reply(desk, waiting["inbound_id"], "P1", LATER + HOUR, "solved")


def test_a_days_answers_are_a_file_of_the_contracts_survey_reply_the_same_each_time(desk: Home) -> None:
    reply(desk, "7", LATER)
    read_replies(desk, LATER)
    report = export_answers(desk, dt.date(2026, 5, 11))
    first = Path(report.file).read_bytes()
    assert export_answers(desk, dt.date(2026, 5, 11)).answers == 1
    assert Path(report.file).read_bytes() == first
    assert Path(report.file).stat().st_mode & 0o077 == 0
    with gzip.open(report.file, "rt", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["survey_id"], row["purpose_code"], row["about_id"], row["reply_text"], row["is_solved"]) == (
        KEY, "complex_question", "C1", "7", "false",
    )  # fmt: skip
    assert row["replied_at"] == "2026-05-11 11:00:00+08:00"
    nothing = export_answers(desk, dt.date(2026, 5, 12))
    assert (nothing.answers, Path(nothing.file).exists()) == (0, False)


def test_the_latest_survey_of_an_extension_is_the_one_it_names() -> None:
    old = Asked("old", "01", AT, AT + 48 * HOUR, False)
    new = Asked("new", "01", AT + HOUR, AT + 48 * HOUR, False)
    assert match([old, new], "01", AT + 2 * HOUR) == ("extension", new)
    assert match([old, new], "01", AT + MINUTE) == ("extension", old)
    assert match([old], "02", AT + MINUTE) == ("none", None)
    assert match([old], "01", AT + 49 * HOUR) == ("none", None)
    assert match([], None, AT) == ("none", None)


def test_the_extract_step_reads_the_file_of_answers(desk: Home, bench: Workbench) -> None:
    reply(desk, "没解决", LATER)
    reply(desk, "1", LATER, extension="02")
    read_replies(desk, LATER)
    day = dt.date(2026, 5, 11)
    folder = Path(export_answers(desk, day).file).parents[1]
    source = read_source(Path(str(files("mend.extract") / "sources" / "sms_survey.yaml")))
    extract(desk, bench, source, [day], [folder])
    bench.view("raw_survey_reply")
    found = bench.sql("select survey_id, about_id, reply_text, is_solved, replied_at from raw_survey_reply order by 1")
    assert found == [(KEY, "C1", "没解决", False, LATER), (SECOND, "C2", "1", True, LATER)]
