"""Compensation: within the authority, over it, on record once, and decided by somebody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from tests.mend.care.survey.desk import moment, rows, run
from tests.mend.prevention.playbooks.files import patch, write

from mend.cli.main import main
from mend.foundation import operations
from mend.foundation.home import Home
from mend.prevention.playbooks import (
    Allowed,
    Asked,
    GrantError,
    NextLevel,
    Person,
    Refused,
    ask,
    authorise,
    decide,
    load_playbooks,
    of_customer,
    of_ticket,
    waiting,
)

AT = moment("2026-05-12 10:00")
HOUR = dt.timedelta(hours=1)
LEVELS = ["agent", "team_leader", "supervisor", "center_manager", "province"]
# service_failure at severity 2, as shipped
LIMITS = {"agent": 10, "team_leader": 20, "supervisor": 50, "center_manager": 100, "province": 300}


@pytest.mark.parametrize(
    ("amount", "level", "given_before", "answer"),
    [
        (1, "agent", 0, Allowed(9)),
        (10, "agent", 0, Allowed(0)),
        (11, "agent", 0, NextLevel("team_leader", 20)),
        (10, "agent", 1, NextLevel("team_leader", 20)),
        (21, "agent", 0, NextLevel("supervisor", 50)),
        (300, "agent", 0, NextLevel("province", 300)),
        (301, "agent", 0, Refused("over_every_limit")),
        (301, "province", 0, Refused("over_every_limit")),
        (1, "province", 300, Refused("over_every_limit")),
        (0, "province", 0, Refused("not_positive")),
        (-5, "agent", 0, Refused("not_positive")),
    ],
)
def test_an_amount_is_allowed_goes_to_the_next_level_or_is_refused(
    amount: int, level: str, given_before: int, answer: object
) -> None:
    assert authorise(amount, level, LIMITS, LEVELS, given_before) == answer


def test_a_playbook_without_money_refuses_every_level_and_says_what_else_there_is() -> None:
    nothing = dict.fromkeys(LEVELS, 0)
    refused = authorise(1, "province", nothing, LEVELS)
    assert refused == Refused("no_money")
    assert isinstance(refused, Refused)
    assert "替代方案" in refused.words("zh")


def test_a_level_that_there_is_not_is_an_error_and_never_an_authority() -> None:
    with pytest.raises(KeyError):
        authorise(1, "chief", LIMITS, LEVELS)


@given(st.integers(1, 400), st.integers(0, 400), st.sampled_from(LEVELS))
def test_who_may_give_for_a_case_never_has_a_lower_limit_than_its_sum(amount: int, before: int, level: str) -> None:
    answer = authorise(amount, level, LIMITS, LEVELS, before)
    who = level if isinstance(answer, Allowed) else answer.level_code if isinstance(answer, NextLevel) else None
    if who is None:
        assert before + amount > 300
    else:
        assert before + amount <= LIMITS[who]
        assert all(before + amount > LIMITS[each] for each in LEVELS[LEVELS.index(level) : LEVELS.index(who)])


def ticket(home: Home, name: str = "second_follow_up:T1", customer: str = "A", **columns: object) -> None:
    """An open second follow-up, closed unsolved: severity 2, compensation service_failure."""
    values = {
        "follow_up_id": name, "measure_code": "second_follow_up", "customer_id": customer, "about_kind_code": "ticket",
        "about_id": "T1", "topic_code": "plan_change", "city_code": "suzhou", "state_code": "open", "tier": 2,
        "team_code": "senior_specialists", "opened_at": AT, "phase_at": AT, "limit_seconds": 172_800,
        "is_working_time": False, "due_at": AT + 48 * HOUR, "legal_due_at": AT + 360 * HOUR, "reopen_count": 0,
        "complaint_count": 1, "event_count": 1, "changed_at": AT, **columns,
    }  # fmt: skip
    names = ", ".join(values)
    run(home, f"insert into follow_up_ticket ({names}) values ({', '.join(f':{each}' for each in values)})", **values)


@pytest.fixture
def desk(home: Home) -> Home:
    ticket(home)
    return home


def person(name: str, at: dt.datetime = AT, reason: str = "closed twice, not solved") -> Person:
    return Person(name, at, "a test", reason)


def asks(home: Home, amount: int, by: Person, about: str = "second_follow_up:T1", key: str | None = None) -> Asked:
    versions = load_playbooks(home.root / "playbooks")
    with operations.transaction(home.database_url) as connection:
        return ask(connection, of_ticket(connection, about, by.at, versions), amount, by, versions, key)


def decides(home: Home, key: str | None, by: Person, is_granted: bool = True) -> bool:
    with operations.transaction(home.database_url) as connection:
        return decide(connection, key or "", is_granted, by, load_playbooks(home.root / "playbooks"))


def record(home: Home) -> list[tuple[object, ...]]:
    return rows(
        home,
        "select event_number, event_code, amount, level_code, to_level_code, acted_by, given_before "
        "from compensation_grant order by acted_at, request_key, event_number",
    )


def test_within_the_authority_it_is_granted_at_once_and_on_record(desk: Home) -> None:
    asked = asks(desk, 10, person("li"))
    assert asked.answer == Allowed(0)
    assert record(desk) == [(1, "asked", 10, "agent", None, "li", 0), (2, "granted", 10, "agent", None, "li", 0)]
    assert rows(
        desk, "select distinct playbook_code, severity, about_id, customer_id, reason from compensation_grant"
    ) == [("closed_unsolved", 2, "second_follow_up:T1", "A", "closed twice, not solved")]


def test_the_same_request_again_at_any_later_date_gives_nothing_twice(desk: Home) -> None:
    first = asks(desk, 10, person("li"))
    again = asks(desk, 10, person("li", AT + 99 * HOUR))
    assert (again.key, again.answer, again.is_new) == (first.key, first.answer, False)
    assert len(record(desk)) == 2


def test_a_second_sum_for_the_case_counts_with_the_first(desk: Home) -> None:
    asks(desk, 6, person("li"), key="one")
    more = asks(desk, 5, person("wang", AT + HOUR), key="two")
    assert more.answer == NextLevel("team_leader", 20)
    assert record(desk)[-1] == (1, "asked", 5, "agent", "team_leader", "wang", 6)


def test_over_the_authority_somebody_of_the_next_level_decides_and_nobody_on_their_own(desk: Home) -> None:
    asked = asks(desk, 15, person("li"))
    assert asked.answer == NextLevel("team_leader", 20)
    with operations.transaction(desk.database_url) as connection:
        assert [row["request_key"] for row in waiting(connection)] == [asked.key]
    with pytest.raises(GrantError, match=r"wang has level agent: .* waits for team_leader or above"):
        decides(desk, asked.key, person("wang"))
    assert decides(desk, asked.key, person("supervisor", AT + HOUR))
    assert not decides(desk, asked.key, person("supervisor", AT + 2 * HOUR))
    assert record(desk)[-1] == (2, "granted", 15, "supervisor", None, "supervisor", 0)
    for zone in ("Asia/Shanghai", "Europe/Berlin"):  # told by the clock of whoever asks
        late = (AT + 3 * HOUR).astimezone(ZoneInfo(zone))
        words = rf"was granted by supervisor on {late - 2 * HOUR:%Y-%m-%d %H:%M}: a decision is not changed"
        with pytest.raises(GrantError, match=words):
            decides(desk, asked.key, person("province", late), is_granted=False)
    with operations.transaction(desk.database_url) as connection:
        assert waiting(connection) == []


def test_who_asked_as_an_agent_does_not_decide_after_a_promotion(desk: Home) -> None:
    asked = asks(desk, 15, person("li"))
    promoted = patch({"authority": {"province": {"holders": ["li", "admin"]}}})
    write(desk.root / "playbooks", promoted, "2026-05-13")
    with pytest.raises(GrantError, match="li asked for it: nobody decides on their own request"):
        decides(desk, asked.key, person("li", AT + 48 * HOUR))


def test_two_requests_that_wait_do_not_go_over_the_limit_together(desk: Home) -> None:
    one, two = (asks(desk, 15, person("li"), key=key) for key in ("one", "two"))
    assert one.answer == two.answer == NextLevel("team_leader", 20)
    decides(desk, "one", person("team_leader"))
    with pytest.raises(GrantError, match=r"team_leader may give 20 yuan .* it would be 30: ask supervisor"):
        decides(desk, "two", person("team_leader", AT + HOUR))
    assert decides(desk, "two", person("supervisor", AT + HOUR))


def test_declined_is_on_record_and_the_case_may_ask_again(desk: Home) -> None:
    asked = asks(desk, 15, person("li"))
    assert decides(desk, asked.key, person("team_leader"), is_granted=False)
    assert record(desk)[-1][:4] == (2, "declined", 15, "team_leader")
    assert asks(desk, 10, person("li"), key="less").answer == Allowed(0)


def test_what_no_level_may_give_is_refused_and_not_on_record(desk: Home) -> None:
    asked = asks(desk, 301, person("li"))
    assert (asked.key, asked.answer) == (None, Refused("over_every_limit"))
    assert record(desk) == []


def test_limits_are_those_of_the_day_the_ticket_was_opened_and_levels_those_of_today(desk: Home) -> None:
    later = {
        "scales": {"service_failure": {1: {"agent": 0}, 2: {"agent": 0}}},
        "authority": {"supervisor": {"holders": ["li"]}},
    }
    write(desk.root / "playbooks", patch(later), "2026-05-13")
    ticket(desk, "second_follow_up:T2", opened_at=moment("2026-05-13 09:00"))
    day = moment("2026-05-13 10:00")
    assert asks(desk, 10, person("wang", day)).answer == Allowed(0)
    assert asks(desk, 10, person("wang", day), "second_follow_up:T2").answer == NextLevel("team_leader", 20)
    assert asks(desk, 50, person("li", day), "second_follow_up:T2").answer == Allowed(0)


def test_a_customer_s_sum_is_shown_over_all_their_ids_and_withholds_nothing(desk: Home) -> None:
    run(desk, "insert into customer_person (customer_id, person_id, merged_on) values ('B', 'A', '2026-05-01')")
    names = [f"second_follow_up:T{number}" for number in range(2, 6)]
    for place, name in enumerate(names):
        ticket(desk, name, customer="AB"[place % 2])
    given = [asks(desk, 10, person("li", AT + place * HOUR), name) for place, name in enumerate(names)]
    assert [(each.given.grants, each.given.yuan, each.given.is_look_due) for each in given] == [
        (0, 0, False), (1, 10, False), (2, 20, False), (3, 30, True),
    ]  # fmt: skip
    assert [each.answer for each in given] == [Allowed(0)] * 4
    half_a_year_later = asks(desk, 10, person("li", AT + dt.timedelta(days=190)), "second_follow_up:T1")
    assert half_a_year_later.given.grants == 0


def test_a_key_of_another_request_and_a_request_without_a_reason_are_refused(desk: Home) -> None:
    asks(desk, 5, person("li"), key="K")
    with pytest.raises(GrantError, match=r"key K is another request's \(amount differ\)"):
        asks(desk, 6, person("li"), key="K")
    with pytest.raises(GrantError, match="with a name and a reason"):
        asks(desk, 5, person("li", reason=" "))
    with pytest.raises(GrantError, match="there is no follow-up ticket second_follow_up:T9"):
        asks(desk, 5, person("li"), "second_follow_up:T9")
    with pytest.raises(GrantError, match="there is no request X"):
        decides(desk, "X", person("admin"))


def test_the_database_takes_no_second_decision(desk: Home) -> None:
    asks(desk, 5, person("li"), key="K")
    with pytest.raises(IntegrityError):
        run(desk, "insert into compensation_grant select * from compensation_grant where event_number = 2")


def test_a_warning_has_a_playbook_and_a_ticket_past_its_limit_is_more_severe(desk: Home) -> None:
    run(
        desk,
        "insert into customer_warning (customer_id, first_warned_on, last_warned_on, is_new, is_listed, level, "
        "department_code, owner_id, grumble_id, grumble_type_code, strategy_code, strategy_en, strategy_zh, "
        "reasons_en, reasons_zh) values ('W', '2026-05-10', "
        "'2026-05-11', true, true, 5, 'market', 'S', 'G1', 'marketing.without_consent', 'call', 'e', 'z', 'e', 'z')",
    )
    with operations.transaction(desk.database_url) as connection:
        (found,) = of_customer(connection, "W", dt.date(2026, 5, 12), load_playbooks())
        before = of_ticket(connection, "second_follow_up:T1", AT + 48 * HOUR, load_playbooks())
        after = of_ticket(connection, "second_follow_up:T1", AT + 49 * HOUR, load_playbooks())
    assert (found.about_code, found.about_id, found.chosen.playbook.code, found.chosen.severity) == (
        "warning", "G1", "sold_without_consent", 3,
    )  # fmt: skip
    assert (before.chosen.severity, after.chosen.severity) == (2, 3)


def test_the_command_shows_asks_and_decides(
    desk: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"MEND_HOME": str(desk.root), **desk.settings}.items():
        monkeypatch.setenv(name, value)
    name = "second_follow_up:T1"
    assert main(["playbook", "--ticket", name, "--day", "2026-05-12", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "归档但未解决" in shown
    assert "客服代表 10" in shown
    assert main(["compensate", "--ticket", name, "--amount", "90", "--as", "li", "--reason", "unsolved"]) == 0
    assert "waits for" in capsys.readouterr().out
    ((key,),) = rows(desk, "select request_key from compensation_grant")
    assert main(["compensate", "--waiting"]) == 0
    assert str(key) in capsys.readouterr().out
    assert main(["compensate", "--grant", str(key), "--as", "li", "--reason", "me"]) == 1
    assert "nobody decides on their own request" in capsys.readouterr().err
    assert main(["compensate", "--grant", str(key), "--as", "admin", "--reason", "agreed"]) == 0
    assert main(["compensate", "--customer", "A"]) == 0
    assert "1 compensations, 90 yuan" in capsys.readouterr().out
    assert main(["compensate", "--amount", "5", "--as", "li", "--reason", "x"]) == 2
    assert main(["compensate"]) == 2
    assert main(["playbook"]) == 0
    assert "data_leak" in capsys.readouterr().out


def test_a_folder_of_broken_playbooks_stops_the_command(desk: Home, tmp_path: Path) -> None:
    write(desk.root / "playbooks", patch({"look": {"days": 0}}))
    with pytest.raises(ValueError, match=r"playbooks/2026-06-01\.yaml: look: days"):
        asks(desk, 5, person("li"))
    assert record(desk) == []
