"""Inbound messages into answers: matched without doubt or given to a person, the first valid one counts, opt-outs at
once.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.mend.care.survey.desk import PHONE, customer, drop, event, moment, open_account, reply, rows, run, sent

from mend.care.contact_rules import reasons_at_claim
from mend.care.survey import SurveyError, dispatch, export_answers, manual_queue, read_replies, settle_reply
from mend.care.survey.matching import Asked, match
from mend.care.survey.rules import FOLDER
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.intake.extract import extract, read_source

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
    assert rows(desk, "select counts_as_code, meaning_code, needs_person from survey_reply order by received_at") == [
        ("unclear", "unclear", True), ("first", "unsolved", False), ("later", "solved", False),
    ]  # fmt: skip
    assert answers(desk)[0] == (KEY, "answered", "unsolved", False)


def test_a_stripped_extension_counts_only_when_one_survey_is_open(desk: Home) -> None:
    reply(desk, "7", LATER, extension=None)
    read_replies(desk, LATER)
    assert rows(desk, "select match_code, counts_as_code, needs_person from survey_reply") == [
        ("ambiguous", "unmatched", True)
    ]
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


@pytest.mark.parametrize("reason", ["parts_missing", "no_text", "malformed", "receipt"])
def test_a_person_looks_at_what_came_in_part_or_cannot_be_read(desk: Home, reason: str) -> None:
    """The relay kept it; its words may be cut off (没解决…), so nobody
    else reads them. A parked receipt is no message."""
    reply(desk, "解决了" if reason == "parts_missing" else "", LATER)
    state = "unclear" if reason == "parts_missing" else "parked"
    run(desk, "update sms_inbound set state_code = :state, state_reason = :reason", state=state, reason=reason)
    waiting = 0 if reason == "receipt" else 1
    assert (read_replies(desk, LATER).for_people, read_replies(desk, LATER + MINUTE).read) == (waiting, 0)
    assert [each["survey_id"] for each in manual_queue(desk)] == [KEY] * waiting
    assert rows(desk, "select state_code, handled_at is not null from sms_inbound") == [(state, bool(waiting))]
    assert answers(desk)[0] == (KEY, "sent", None, None)
    for each in manual_queue(desk):
        settle_reply(desk, each["inbound_id"], "P1", LATER + HOUR, "unsolved")
        assert answers(desk)[0] == (KEY, "answered", "unsolved", False)


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
    source = read_source(Path(str(files("mend.intake.extract") / "sources" / "sms_survey.yaml")))
    extract(desk, bench, source, [day], [folder])
    bench.view("raw_survey_reply")
    found = bench.sql("select survey_id, about_id, reply_text, is_solved, replied_at from raw_survey_reply order by 1")
    assert found == [(KEY, "C1", "没解决", False, LATER), (SECOND, "C2", "1", True, LATER)]


@pytest.mark.parametrize("words", ["退订谢谢", "不需要再发", "stop texting me please"])
def test_an_opt_out_after_an_answer_counts(desk: Home, words: str) -> None:
    reply(desk, "1", LATER)
    reply(desk, words, LATER + MINUTE)
    report = read_replies(desk, LATER + HOUR)
    assert (report.first, report.opt_out, report.for_people) == (1, 1, 0)
    assert rows(desk, "select phone_number, opted_out_at from sms_opt_out") == [(PHONE, LATER + MINUTE)]
    assert answers(desk)[0] == (KEY, "answered", "solved", True)


def test_what_is_unclear_after_an_answer_reaches_a_person_and_thanks_do_not(desk: Home) -> None:
    reply(desk, "1", LATER)
    for minutes, words in enumerate(["谢谢", "OK, thanks!", "请帮我退订彩铃", "[自动回复]我在开会"], 1):
        reply(desk, words, LATER + minutes * MINUTE)
    assert read_replies(desk, LATER + HOUR).for_people == 2
    assert rows(desk, "select needs_person from survey_reply order by received_at") == [
        (False,),
        (False,),
        (False,),
        (True,),
        (True,),
    ]
    assert answers(desk)[0] == (KEY, "answered", "solved", True)


def test_our_own_message_quoted_behind_a_7_opts_nobody_out(desk: Home) -> None:
    ((sent_text,),) = rows(desk, "select text from sms_outbox where dedup_key = :key", key=KEY)
    reply(desk, f"7\n> {sent_text}", LATER)
    reply(desk, f"{sent_text}", LATER + MINUTE, extension="02")
    assert read_replies(desk, LATER + HOUR).opt_out == 0
    assert answers(desk) == [(KEY, "answered", "unsolved", False), (SECOND, "sent", None, None)]
    assert rows(desk, "select * from sms_opt_out") == []


def opt_ins(home: Home) -> list[tuple[object, ...]]:
    return rows(
        home,
        "select phone_number, opted_in_at, text, is_for_marketing, opted_out_at, opt_out_source_code from sms_opt_in "
        "order by 2",
    )


@pytest.mark.parametrize("words", ["START", "恢复", "回复订阅", "取消退订。"])
def test_who_opted_out_may_ask_for_messages_again_and_the_proof_is_kept(desk: Home, words: str) -> None:
    reply(desk, "退订", LATER)
    reply(desk, words, LATER + HOUR, extension=None)
    report = read_replies(desk, LATER + HOUR)
    assert (report.opt_out, report.opt_in, report.for_people) == (1, 1, 0)
    assert rows(desk, "select * from sms_opt_out") == []
    assert opt_ins(desk) == [(PHONE, LATER + HOUR, words, False, LATER, "reply")]
    assert rows(desk, "select meaning_code, counts_as_code from survey_reply order by received_at") == [
        ("opt_out",) * 2,
        ("opt_in",) * 2,
    ]
    drop(desk, event("C3", "A", "2026-06-20 10:00"), name="june.jsonl")
    assert dispatch(desk, moment("2026-06-20 10:02")).refused == {}


def test_start_words_count_only_for_a_number_that_has_opted_out_and_as_the_whole_text(desk: Home) -> None:
    reply(desk, "START", LATER)
    run(desk, "insert into sms_opt_out values ('+8613900000009', :at, 'agent')", at=LATER)
    reply(desk, "when do you start?", LATER + MINUTE, phone="+8613900000009", extension=None)
    reply(desk, "恢复了", LATER + MINUTE, phone="+8613900000009", extension=None)
    assert read_replies(desk, LATER + HOUR).opt_in == 0
    assert opt_ins(desk) == []
    assert rows(desk, "select phone_number from sms_opt_out") == [("+8613900000009",)]


def test_the_latest_word_counts_in_whatever_order_the_words_are_read(desk: Home) -> None:
    reply(desk, "STOP", LATER)
    reply(desk, "START", LATER + HOUR)
    read_replies(desk, LATER + HOUR)
    reply(desk, "STOP", LATER + MINUTE)  # from before the START, arrived behind it
    read_replies(desk, LATER + 2 * HOUR)
    assert rows(desk, "select * from sms_opt_out") == []
    reply(desk, "TD", LATER + 3 * HOUR)
    read_replies(desk, LATER + 3 * HOUR)
    assert rows(desk, "select opted_out_at from sms_opt_out") == [(LATER + 3 * HOUR,)]
    reply(desk, "START", LATER + 2 * HOUR)  # from before the latest opt-out
    assert read_replies(desk, LATER + 4 * HOUR).opt_in == 0
    assert rows(desk, "select opted_out_at from sms_opt_out") == [(LATER + 3 * HOUR,)]


def test_messages_again_are_no_consent_to_marketing_unless_the_words_say_so(desk: Home) -> None:
    run(desk, "update survey set consent_code = 'commercial', state_code = 'queued' where survey_id = :key", key=KEY)
    ((message,),) = rows(desk, "select message_id from sms_outbox where dedup_key = :key", key=KEY)
    assert refused(desk, message) == {}
    reply(desk, "STOP", LATER)
    reply(desk, "START", LATER + MINUTE)
    read_replies(desk, LATER + HOUR)
    assert refused(desk, message) == {message: "no_consent"}
    reply(desk, "STOP", LATER + 2 * HOUR)
    reply(desk, "恢复营销短信", LATER + 3 * HOUR)
    read_replies(desk, LATER + 3 * HOUR)
    assert refused(desk, message) == {}


def test_a_campaign_of_offers_passes_by_who_asked_for_messages_again_without_saying_offers(desk: Home) -> None:
    shipped = (FOLDER / "1990-01-01.yaml").read_text("utf-8")
    before, campaign = shipped.rsplit("  campaign:\n    purpose", 1)
    (desk.root / "survey_rules").mkdir()
    rules = f"{before}  campaign:\n    purpose{campaign.replace('consent: service', 'consent: commercial')}"
    (desk.root / "survey_rules" / "1990-01-01.yaml").write_text(rules, "utf-8")
    reply(desk, "STOP", LATER)
    reply(desk, "START", LATER + MINUTE)
    read_replies(desk, LATER + HOUR)
    customer(desk, "B", "+8613800000002")
    drop(
        desk,
        *(event(f"K{name}", name, "2026-06-20 10:00", "campaign", about_kind_code="campaign") for name in "AB"),
        name="june.jsonl",
    )
    report = dispatch(desk, moment("2026-06-20 10:02"))
    assert (report.queued, report.refused) == (1, {"no_consent": 1})


def refused(home: Home, message_id: int) -> dict[int, str]:
    with operations.transaction(home.database_url) as connection:
        return reasons_at_claim(connection, [SimpleNamespace(message_id=message_id)], LATER + 4 * HOUR)


def test_a_person_may_read_an_opt_out_or_a_score(home: Home) -> None:
    open_account(home)
    customer(home, "A")
    drop(home, event("K1", "A", "2026-05-11 10:00", "repair_done", outcome_code="resolved"))
    dispatch(home, AT)
    dispatch(home, AT + 5 * MINUTE)
    sent(home, "repair_succeeded:K1", AT + 6 * MINUTE)
    reply(home, "八九分吧", LATER)
    reply(home, "你们天天发烦不烦别来这套", LATER + MINUTE)
    read_replies(home, LATER + HOUR)
    first, second = (each["inbound_id"] for each in manual_queue(home))
    with pytest.raises(SurveyError, match="not on its scale, 0 to 10"):
        settle_reply(home, first, "P1", LATER + HOUR, "score", score=11)
    with pytest.raises(SurveyError, match="goes with the meaning"):
        settle_reply(home, first, "P1", LATER + HOUR, "score")
    settle_reply(home, first, "P1", LATER + HOUR, "score", score=8)
    settle_reply(home, second, "P1", LATER + HOUR, "opt_out")
    assert rows(home, "select state_code, meaning_code, score, score_scale from survey") == [
        ("answered", "score", 8, 10)
    ]
    assert rows(home, "select phone_number, source_code, inbound_id from sms_opt_out") == [(PHONE, "agent", second)]
    assert manual_queue(home) == []


def test_a_person_may_read_that_messages_are_wanted_again(desk: Home) -> None:
    reply(desk, "STOP", LATER)
    words = "你好，之前退订了，现在我想重新接收你们的服务短信可以吗"
    reply(desk, words, LATER + HOUR)
    read_replies(desk, LATER + HOUR)
    (waiting,) = manual_queue(desk)
    settle_reply(desk, waiting["inbound_id"], "P1", LATER + 2 * HOUR, "opt_in")
    assert rows(desk, "select * from sms_opt_out") == []
    assert opt_ins(desk) == [(PHONE, LATER + HOUR, words, False, LATER, "reply")]
    assert rows(desk, "select meaning_code, handler_id from survey_reply where handled_at is not null") == [
        ("opt_in", "P1")
    ]


def test_no_person_lifts_an_opt_out_that_came_after_the_words(desk: Home) -> None:
    reply(desk, "以后短信可以再发", LATER)
    reply(desk, "TD", LATER + MINUTE)
    read_replies(desk, LATER + HOUR)
    (waiting,) = manual_queue(desk)
    with pytest.raises(SurveyError, match="no opt-out from before it is in force"):
        settle_reply(desk, waiting["inbound_id"], "P1", LATER + 2 * HOUR, "opt_in")
    assert rows(desk, "select phone_number from sms_opt_out") == [(PHONE,)]
    assert len(manual_queue(desk)) == 1
