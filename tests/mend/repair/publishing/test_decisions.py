"""Who may decide about a list, when, and with which reasons."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.mend.care.survey.desk import rows
from tests.mend.repair.publishing.written import AT, LIST, candidate, row, write

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.publishing import Decision, approvers_at, decide, register, summarise
from mend.repair.publishing.errors import (
    ListStateError,
    NoListError,
    NotAllowedError,
    PublishError,
    ReasonMissingError,
)
from mend.repair.publishing.lists import TRANSITIONS

APPROVERS = ("admin", "wang#7")


def say(home: Home, decision: Any = "approved", who: str = "admin", **words: str | None) -> Decision:
    with operations.transaction(home.database_url) as connection:
        return decide(connection, LIST, who, decision, approvers=APPROVERS, at=AT, through="a test", **words)


def state(home: Home) -> tuple[Any, ...]:
    return rows(home, "select state_code from campaign_list")[0]


@pytest.fixture
def draft(home: Home, bench: Workbench) -> Home:
    write(bench, [row("phone_callback", "B")])
    register(home, summarise(home, bench, "2026-03"), AT)
    return home


def test_an_approver_approves_once_and_the_same_again_changes_nothing(draft: Home) -> None:
    assert say(draft, reason=" looks right ").is_new
    again = say(draft)
    assert (again.is_new, again.decided_by, again.reason) == (False, "admin", "looks right")
    assert (state(draft), rows(draft, "select count(*) from campaign_decision")) == (("approved",), [(1,)])


def test_a_second_approver_is_told_who_approved(draft: Home) -> None:
    say(draft)
    with pytest.raises(ListStateError, match="was approved by admin at 2026-04-02"):
        say(draft, who="wang")
    assert rows(draft, "select decided_by from campaign_decision") == [("admin",)]


def test_an_approver_is_known_by_name_whatever_the_id(draft: Home) -> None:
    assert say(draft, who="wang").decided_by == "wang"


@pytest.mark.parametrize("who", ["viewer", "Admin", "admin ", "7", "wang#7", "", "nobody", "adm%"])
@pytest.mark.parametrize("decision", ["approved", "refused"])
def test_a_viewer_and_a_stranger_are_refused(draft: Home, who: str, decision: str) -> None:
    with pytest.raises(NotAllowedError, match="the approvers are admin, wang"):
        say(draft, decision, who, reason="because")
    assert (state(draft), rows(draft, "select count(*) from campaign_decision")) == (("draft",), [(0,)])


def test_where_nobody_is_named_nobody_can_approve(draft: Home) -> None:
    with (
        operations.transaction(draft.database_url) as connection,
        pytest.raises(NotAllowedError, match="name them under settings: approvers"),
    ):
        decide(connection, LIST, "admin", "approved", approvers=(), at=AT, through="a test")


def test_a_refused_list_keeps_its_reason_and_stays_refused(draft: Home) -> None:
    with pytest.raises(ReasonMissingError, match="refused with a reason"):
        say(draft, "refused", reason="  ")
    assert say(draft, "refused", reason="too expensive").is_new
    with pytest.raises(ListStateError, match=r"was refused by admin .*\(reason: too expensive\)"):
        say(draft)
    assert rows(draft, "select decision_code, reason from campaign_decision") == [("refused", "too expensive")]


def test_an_approved_list_may_be_refused_until_it_is_published(draft: Home) -> None:
    say(draft)
    assert say(draft, "refused", who="wang", reason="seen a mistake").is_new
    assert state(draft) == ("refused",)


def test_two_approvers_at_once_make_one_approval(draft: Home) -> None:
    def attempt(who: str) -> str:
        try:
            return "new" if say(draft, who=who).is_new else "old"
        except ListStateError:
            return "told"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, ("admin", "wang"))) == ["new", "told"]
    assert rows(draft, "select count(*) from campaign_decision") == [(1,)]


def test_outside_of_the_bias_bound_a_person_writes_why(home: Home, bench: Workbench) -> None:
    """Of 200 young candidates 150 are listed, of 200 old ones none."""
    young = [candidate(f"Y{n}", "listed" if n < 150 else "deferred", age_band_code="18-29") for n in range(200)]
    old = [candidate(f"O{n}", "deferred", age_band_code="60+") for n in range(200)]
    write(bench, [row("phone_callback", f"Y{n}", n + 1) for n in range(150)], [*young, *old])
    listed = register(home, summarise(home, bench, "2026-03"), AT)
    assert (listed.needs_bias_reason, listed.summary["outside"]) == (True, ["age_band 18-29", "age_band 60+"])
    with pytest.raises(ReasonMissingError, match="age_band 60"):
        say(home)
    with pytest.raises(ReasonMissingError):
        say(home, reason="fine", bias_reason=" ")
    assert say(home, bias_reason="the outage was at the university").bias_reason == "the outage was at the university"


def test_a_list_whose_sums_do_not_agree_cannot_be_approved(home: Home, bench: Workbench) -> None:
    write(bench, [row("phone_callback", "B")], candidate_count=7)
    register(home, summarise(home, bench, "2026-03"), AT)
    with pytest.raises(ListStateError, match=r"checks failed \(sum\)"):
        say(home)
    assert say(home, "refused", reason="sums").is_new


def test_a_version_that_changed_under_the_approvers_is_told(draft: Home, bench: Workbench) -> None:
    write(bench, [row("phone_callback", "B"), row("phone_callback", "C", 2)])
    with pytest.raises(PublishError, match="a version never changes"):
        register(draft, summarise(draft, bench, "2026-03"), AT)


@pytest.mark.parametrize("name", ["2026-13-v1", "2026-03", "2026-03-v0", "2026-03-v1; drop table x", "", "2026-04-v1"])
def test_a_list_that_is_not_there_is_named(draft: Home, name: str) -> None:
    with operations.transaction(draft.database_url) as connection, pytest.raises(NoListError):
        decide(connection, name, "admin", "approved", approvers=APPROVERS, at=AT, through="a test")


def test_a_month_without_a_list_is_told(home: Home, bench: Workbench) -> None:
    with pytest.raises(NoListError, match="mend campaign --month 2026-07"):
        summarise(home, bench, "2026-07")


def test_approvers_are_those_of_the_settings_in_force(home: Home) -> None:
    assert approvers_at(home, AT) == ("admin",)
    assert approvers_at(home, dt.datetime(1995, 1, 1, tzinfo=dt.UTC)) == ("admin",)


def test_states_end_in_refused_or_recalled() -> None:
    assert {state for state, after in TRANSITIONS.items() if not after} == {"refused", "recalled"}
    assert {each for after in TRANSITIONS.values() for each in after} == TRANSITIONS.keys() - {"draft"}


def test_an_earlier_list_is_approved_only_when_the_later_one_is_refused(draft: Home, bench: Workbench) -> None:
    write(bench, [row("phone_callback", name) for name in "BC"], version=2)
    register(draft, summarise(draft, bench, "2026-03"), AT)
    with pytest.raises(ListStateError, match="2026-03-v1 is not the month's latest: 2026-03-v2"):
        say(draft)
    assert rows(draft, "select count(*) from campaign_decision") == [(0,)]
    with operations.transaction(draft.database_url) as connection:
        words = {"approvers": APPROVERS, "at": AT, "through": "a test", "reason": "wrong rules"}
        decide(connection, "2026-03-v2", "admin", "refused", **words)  # type: ignore[arg-type]
    assert say(draft).is_new
