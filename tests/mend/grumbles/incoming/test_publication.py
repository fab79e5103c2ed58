"""The night's publication, and what is told from it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from tests.mend.grumbles.incoming.small import CUSTOMER, NIGHT
from tests.mend.grumbles.warning.tables import grumble, put

from mend.cli.main import parser
from mend.errors import UsageError
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.incoming.errors import NothingPublishedError, QuestionError
from mend.grumbles.incoming.reading import CUSTOMER as QUERY
from mend.grumbles.incoming.reading import IncomingReader, Question, Told
from mend.grumbles.incoming.report import as_json, lines
from mend.grumbles.incoming.step import publish_incoming
from mend.grumbles.warning import warn

AT = dt.datetime(2026, 5, 21, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def _tell(home: Home, question: Question) -> Told:
    with operations.transaction(home.database_url) as connection:
        return IncomingReader().tell(connection, question)


def test_before_the_first_night_it_says_what_to_run(home: Home) -> None:
    with pytest.raises(NothingPublishedError, match="run `mend run` for a night first"):
        _tell(home, Question(CUSTOMER, AT))


def test_customers_are_published_with_their_days_and_those_who_left_are_not(home: Home, night: None) -> None:
    query = text("select customer_id, value_code, grumble_days, complaint_days, open_grumbles "
                 "from incoming_customer order by 1")  # fmt: skip
    with operations.transaction(home.database_url) as connection:
        assert [tuple(row) for row in connection.execute(query)] == [
            ("A", "high", "20588:1,20593:1", "20544:1", "marketing:20588,tariff_billing:20593"),
            ("B", "low", None, None, None),
        ]
        assert connection.execute(QUERY, {"customer": "A"}).one().contact_days == "20588:2"
        assert connection.execute(QUERY, {"customer": "B"}).one().contact_days is None
        assert connection.execute(QUERY, {"customer": "C"}).all() == []


def test_a_grumble_is_told_with_type_level_strategy_department_and_what_they_expect(home: Home, night: None) -> None:
    told = _tell(home, Question(CUSTOMER, AT, "tariff_billing.plan_price"))
    found = told.answer
    assert (found.value, found.behaviour, found.area, found.department) == (
        "high", "tariff_sensitive", "tariff_billing", "business_support",
    )  # fmt: skip
    assert (found.probability_7, found.probability_source, found.is_known) == (None, "none", True)
    assert found.reasons_en == (
        "plan too expensive; grumbled today; nobody has acted; the customer bears as much as others; "
        "3 grumbles in 30 days; complained before (1); probability of a complaint unknown"
    )
    said = lines(told, "zh")
    assert said[0] == "客户类型：高价值，资费敏感型"
    assert "客户期望：用多少付多少，不为用不上的内容付费" in said
    assert as_json(told)["words"]["en"]["does"].startswith("offer a package of one required and several optional parts")


def test_a_key_point_names_its_specialist_and_a_text_is_read_where_no_point_is_given(home: Home, night: None) -> None:
    told = _tell(home, Question("B", AT, text="合约没到期不让降档，违约金也太高"))
    assert (told.answer.point, told.classified_by, told.answer.specialist) == (
        "marketing.lock_in", "text", "quality-marketing",
    )  # fmt: skip
    assert told.answer.association_part == 5


def test_of_a_customer_without_a_record_it_says_so(home: Home, night: None) -> None:
    told = _tell(home, Question("nobody", AT, "marketing", city="suzhou"))
    assert (told.answer.is_known, told.answer.value, told.city) == (False, None, "suzhou")
    assert lines(told, "en")[-1] == (
        "rests on: the night of 2026-05-20; nothing is on record of this customer; no month's cut points yet: the "
        "shares of that night"
    )


def test_an_old_night_is_said_to_be_old(home: Home, night: None) -> None:
    told = _tell(home, Question(CUSTOMER, AT + dt.timedelta(days=3), "marketing"))
    assert "3 days older than it should be" in lines(told, "en")[-1]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"point": "weather"}, "the taxonomy has no point 'weather'"),
        ({"point": "marketing", "channel": "letter"}, "channel: 'letter' is none; say one of contact, ticket"),
        ({"point": "marketing", "solved_state": "no"}, "solved state: 'no' is none; say one of mending"),
        ({"text": "x" * 4001}, "the text has 4001 signs, over 4000"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_do(
    home: Home, night: None, words: dict[str, str], reason: str
) -> None:
    with pytest.raises(QuestionError, match=reason):
        _tell(home, Question(CUSTOMER, AT, **words))  # type: ignore[arg-type]


def _typed(home: Home, *words: str) -> None:
    arguments = parser().parse_args(["grumble", *words])
    arguments.command(arguments, home)


def test_the_command_prints_the_answer(home: Home, night: None, capsys: pytest.CaptureFixture[str]) -> None:
    _typed(home, "--customer", CUSTOMER, "--point", "marketing", "--at", "2026-05-21T10:00", "--lang", "zh")
    assert capsys.readouterr().out.splitlines()[1] == "抱怨类型：营销"
    with pytest.raises(UsageError, match="--at 'soon' is no moment; write it as 2026-03-05T10:30"):
        _typed(home, "--customer", CUSTOMER, "--at", "soon")


def test_what_is_right_already_is_not_touched(home: Home, bench: Workbench, night: None) -> None:
    assert publish_incoming(home, bench, [NIGHT]).changed == 0
    put(bench, "mart_grumble", [grumble("1", "A", "2026-05-15 10:00", "marketing.lock_in")])
    warn(home, bench, [NIGHT])
    again = publish_incoming(home, bench, [NIGHT])
    assert (again.customers, again.changed) == (2, 2)  # A, and the cut points of a night before the first month's
