"""`mend queue` as people call it: what waits, its words, and what a person says of it."""

from __future__ import annotations

import getpass

import pytest
from tests.mend.care.survey.desk import customer, drop, event, moment, open_account, reply, rows, run, sent

from mend.care.survey import SurveyError, dispatch, read_replies
from mend.cli.main import parser
from mend.foundation.home import Home

AT, LATER = moment("2026-05-11 10:03"), moment("2026-05-11 11:00")
KEY = "complex_topic_ended:E1"


@pytest.fixture
def desk(home: Home) -> Home:
    """Who was asked, and gave an answer that nobody understands."""
    open_account(home)
    customer(home, "K1")
    drop(home, event("E1", "K1", "2026-05-11 10:00"))
    dispatch(home, AT)
    sent(home, KEY, AT)
    reply(home, "你们自己看着办吧", LATER)
    read_replies(home, LATER)
    return home


def queue(home: Home, *words: str) -> None:
    arguments = parser().parse_args(["queue", *words])
    arguments.command(arguments, home)


def waiting(home: Home) -> str:
    return str(rows(home, "select inbound_id from survey_reply where needs_person")[0][0])


def test_what_waits_is_listed_without_words_and_read_by_who_asks_for_it(
    desk: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    queue(desk)
    listed = capsys.readouterr().out
    assert KEY in listed
    assert "看着办" not in listed
    assert "138" not in listed
    queue(desk, "read", waiting(desk))
    assert "你们自己看着办吧" in capsys.readouterr().out


def test_a_reply_is_answered_once_with_the_name_of_who_read_it(desk: Home, capsys: pytest.CaptureFixture[str]) -> None:
    number = waiting(desk)
    queue(desk, "answer", number, "--means", "unsolved")
    assert rows(desk, "select state_code, is_solved from survey") == [("answered", False)]
    assert rows(desk, "select handler_id from survey_reply") == [(getpass.getuser(),)]
    with pytest.raises(SurveyError, match="does not wait for a person"):
        queue(desk, "answer", number, "--means", "solved")
    capsys.readouterr()
    queue(desk)
    assert capsys.readouterr().out == "nothing waits for a person\n"


def test_a_promised_message_that_was_stopped_leaves_the_queue_when_it_is_taken_up(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    open_account(home)
    customer(home, "K1")
    run(home, "update contact_address set has_survey_consent = false")
    drop(home, event("E1", "K1", "2026-05-11 10:00"))
    dispatch(home, AT)
    queue(home)
    assert "no_consent" in capsys.readouterr().out
    queue(home, "done", KEY)
    assert rows(home, "select handler_id from survey_refusal") == [(getpass.getuser(),)]
    with pytest.raises(SurveyError, match="does not wait"):
        queue(home, "done", KEY)
