"""A plan goes through its departments in order; each scores, passes it on or returns it; then a person approves."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.prevention.plans import (
    Plan,
    PlanRules,
    Review,
    decide,
    load_plan,
    load_plan_rules,
    open_round,
    plan_rules_on,
    read_review,
    score,
)
from mend.prevention.plans.errors import PlanError, ReviewError
from mend.prevention.plans.report import question_of, told
from mend.prevention.plans.rules import SHIPPED

TODAY = dt.date(2026, 3, 2)
AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
ALL = ("target_group", "price_terms", "script", "complaint_plan", "opt_out")
GOOD = {
    "market": {"need": 8, "clarity": 7},
    "business_support": {"billing": 9, "systems": 6},
    "service": {"questions": 8, "complaints": 7},
}
Do = Callable[..., Review]


def plan(*elements: str, note: str = "") -> Plan:
    return Plan(plan_id="P1", submitted_on=dt.date(2026, 3, 1), elements=elements or ALL, note=note)


def rules() -> list[PlanRules]:
    words = yaml.safe_load((SHIPPED / "1990-01-01.yaml").read_text("utf-8"))
    for each, who in zip(words["departments"], ("ma", "bi", "se"), strict=True):
        each["reviewers"] = [who, f"{who}2#7"]
    return [PlanRules.model_validate({**words, "approvers": ["boss"]})]


class Desk:
    """A plan's review in a home."""

    def __init__(self, home: Home) -> None:
        self.home, self.rules = home, rules()

    def run(self, function: Any, *given: Any, **named: Any) -> Review:
        with operations.transaction(self.home.database_url) as connection:
            made: Review = function(connection, *given, **named)
            return made

    def open(self, what: Plan) -> Review:
        return self.run(open_round, what, self.rules, AT, TODAY, "lin", "a test")

    def score(
        self,
        what: Plan,
        department: str,
        who: str,
        scores: dict[str, int] | None = None,
        *,
        is_pass: bool = True,
        reason: str | None = None,
    ) -> Review:
        given = GOOD[department] if scores is None else scores
        return self.run(
            score,
            what,
            self.rules,
            department,
            who,
            given,
            is_pass=is_pass,
            reason=reason,
            at=AT,
            today=TODAY,
            through="a test",
        )

    def decide(self, what: Plan, who: str = "boss", *, is_approved: bool = True, reason: str | None = None) -> Review:
        return self.run(
            decide, what, self.rules, who, is_approved=is_approved, reason=reason, at=AT, today=TODAY, through="a test"
        )

    def events(self) -> list[tuple[int, str, str | None, str]]:
        with operations.transaction(self.home.database_url) as connection:
            found = read_review(connection, "P1", self.rules, TODAY).events
        return [(each.round_number, each.event_code, each.department_code, each.decided_by) for each in found]


@pytest.fixture
def desk(home: Home, bench: Workbench) -> Desk:
    return Desk(home)


def test_it_goes_through_all_departments_in_order_and_is_approved(desk: Desk) -> None:
    assert desk.open(plan()).department == "market"
    assert desk.score(plan(), "market", "ma").department == "business_support"
    assert desk.score(plan(), "business_support", "bi").department == "service"
    assert desk.score(plan(), "service", "se2").state == "awaiting_approval"
    assert desk.decide(plan()).state == "approved"
    assert desk.events() == [
        (1, "opened", None, "lin"),
        (1, "passed", "market", "ma"),
        (1, "passed", "business_support", "bi"),
        (1, "passed", "service", "se2"),
        (1, "approved", None, "boss"),
    ]


def test_every_step_twice_changes_nothing(desk: Desk) -> None:
    for _ in range(2):
        desk.open(plan())
    for department, who in (("market", "ma"), ("business_support", "bi"), ("service", "se")):
        for _ in range(2):
            desk.score(plan(), department, who)
    for _ in range(2):
        desk.decide(plan())
    assert len(desk.events()) == 5
    assert desk.open(plan()).state == "approved"


def test_a_returned_plan_comes_again_changed_and_goes_through_all_departments_again(desk: Desk) -> None:
    desk.open(plan())
    desk.score(plan(), "market", "ma")
    returned = desk.score(
        plan(), "business_support", "bi", {"billing": 3, "systems": 8}, is_pass=False, reason="no tariff"
    )
    assert returned.state == "returned"
    with pytest.raises(ReviewError, match=r"was returned \(business_support, bi: no tariff\): change it"):
        desk.open(plan())
    with pytest.raises(ReviewError, match="the review is returned"):
        desk.score(plan(), "service", "se")
    again = desk.open(plan(note="tariff added"))
    assert (again.round_number, again.department) == (2, "market")
    assert [event for number, event, *_ in desk.events() if number == 1] == ["opened", "passed", "returned"]


def test_a_plan_that_changes_under_review_begins_the_next_round(desk: Desk) -> None:
    desk.open(plan())
    desk.score(plan(), "market", "ma")
    changed = plan(note="a lower price")
    with pytest.raises(ReviewError, match="has changed since its round began"):
        desk.score(changed, "business_support", "bi")
    assert desk.open(changed).department == "market"
    with pytest.raises(ReviewError, match="has changed"):
        desk.decide(plan())


def test_the_order_of_its_elements_and_a_later_launch_are_no_change(desk: Desk) -> None:
    desk.open(plan())
    same = plan(*reversed(ALL)).model_copy(update={"launched_on": dt.date(2026, 4, 1)})
    assert desk.score(same, "market", "ma").department == "business_support"


REFUSED: dict[str, tuple[Callable[[Desk], object], str]] = {
    "not their turn": (lambda d: d.score(plan(), "service", "se"), "is not with service: it is market's turn"),
    "not their department": (
        lambda d: d.score(plan(), "market", "bi"),
        "'bi' may not review plans for market; those who may are ma, ma2",
    ),
    "a department that takes no part": (lambda d: d.score(plan(), "network", "ma", {}), "network reviews no plans"),
    "a score of 11": (
        lambda d: d.score(plan(), "market", "ma", {"need": 11, "clarity": 7}),
        "need is 11: write a whole",
    ),
    "yes for a score": (lambda d: d.score(plan(), "market", "ma", {"need": True, "clarity": 7}), "need is True"),
    "a score left out": (
        lambda d: d.score(plan(), "market", "ma", {"need": 8}),
        "market scores need, clarity, each once",
    ),
    "a score of nothing": (
        lambda d: d.score(plan(), "market", "ma", {"need": 8, "clarity": 8, "x": 1}),
        "market scores need",
    ),
    "below the pass mark": (
        lambda d: d.score(plan(), "market", "ma", {"need": 6, "clarity": 5}),
        "5.5 on average, the pass mark is 6; return it",
    ),
    "returned without a reason": (
        lambda d: d.score(plan(), "market", "ma", is_pass=False, reason="  "),
        "returned with reasons",
    ),
    "approved too early": (lambda d: d.decide(plan()), "cannot be approved: it is with market"),
    "approved by nobody": (lambda d: d.decide(plan(), "ma"), "'ma' may not approve plans; those who may are boss"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(desk: Desk, name: str) -> None:
    desk.open(plan())
    step, words = REFUSED[name]
    with pytest.raises((ReviewError, PlanError), match=words):
        step(desk)
    assert len(desk.events()) == 1


def test_a_required_element_that_is_missing_stops_the_department_that_looks_for_it(desk: Desk) -> None:
    poor = plan("target_group", "price_terms", "script", "complaint_plan")
    desk.open(poor)
    with pytest.raises(ReviewError, match=r"cannot pass market: it lacks opt_out \(how to leave"):
        desk.score(poor, "market", "ma")
    assert desk.score(poor, "market", "ma", is_pass=False, reason="no way out").state == "returned"


def test_a_refusal_needs_its_reason_and_ends_the_round(desk: Desk) -> None:
    desk.open(plan())
    for department, who in (("market", "ma"), ("business_support", "bi"), ("service", "se")):
        desk.score(plan(), department, who)
    with pytest.raises(ReviewError, match="refused with a reason"):
        desk.decide(plan(), is_approved=False)
    assert desk.decide(plan(), is_approved=False, reason="bad season").state == "refused"
    with pytest.raises(ReviewError, match="cannot be approved: it is refused already"):
        desk.decide(plan())


def test_two_who_score_at_once_are_one_after_the_other(desk: Desk) -> None:
    desk.open(plan())
    outcomes: list[str] = []

    def work(who: str) -> None:
        try:
            desk.score(plan(), "market", who)
            outcomes.append("passed")
        except ReviewError:
            outcomes.append("too late")

    threads = [threading.Thread(target=work, args=(who,)) for who in ("ma", "ma2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["passed", "too late"]
    assert [event for _, event, *_ in desk.events()] == ["opened", "passed"]


def test_a_round_keeps_the_rules_under_which_it_began(desk: Desk) -> None:
    desk.open(plan())
    later = desk.rules[0].model_copy(
        update={"valid_from": dt.date(2026, 3, 3), "departments": desk.rules[0].departments[1:]}
    )
    desk.rules.append(later)
    with operations.transaction(desk.home.database_url) as connection:
        assert read_review(connection, "P1", desk.rules, dt.date(2026, 4, 1)).department == "market"


def test_a_round_keeps_the_text_of_its_rules_when_their_file_is_changed_or_gone(desk: Desk) -> None:
    desk.open(plan())
    words = desk.rules[0].model_dump(mode="json")
    words["departments"][0]["pass_mark"] = 9.5
    desk.rules[:] = [PlanRules.model_validate_json(json.dumps(words))]
    assert desk.score(plan(), "market", "ma").rules.department("market").pass_mark == 6
    desk.rules[:] = [desk.rules[0].model_copy(update={"valid_from": dt.date(2026, 3, 2)})]
    assert desk.score(plan(), "business_support", "bi").department == "service"


def test_a_round_of_the_first_days_that_kept_no_text_goes_by_the_day_of_its_rules(desk: Desk) -> None:
    desk.open(plan())
    with operations.transaction(desk.home.database_url) as connection:
        connection.exec_driver_sql("update plan_review set rules = null")
    assert desk.score(plan(), "market", "ma").department == "business_support"


def said(found: Review, what: Plan, language: str, today: dt.date = TODAY) -> list[str]:
    return told(what, found, language, "Asia/Shanghai", today)


def test_moments_of_a_review_are_told_in_the_business_zone(desk: Desk) -> None:
    with operations.transaction(desk.home.database_url) as connection:
        late = dt.datetime(2026, 3, 2, 17, 30, tzinfo=dt.UTC)
        found = open_round(connection, plan(), desk.rules, late, TODAY, "lin", "a test")
    assert said(found, plan(), "en")[-1] == "  2026-03-03 01:30 1: begun, lin"
    assert said(found, plan(), "zh")[-1] == "  2026-03-03 01:30 1: 发起, lin"
    assert told(plan(), found, "en", "Europe/Berlin", TODAY)[-1] == "  2026-03-02 18:30 1: begun, lin"
    passed = desk.score(plan(), "market", "ma")
    assert said(passed, plan(), "zh")[-1].endswith("1: 市场部, 通过, ma, 符合客户需求 8, 宣传真实清楚 7")
    assert said(passed, plan(), "en")[-1].endswith("1: market, passed, ma, need 8, clarity 7")


def test_a_review_after_the_launch_is_said_to_come_too_late(desk: Desk) -> None:
    launched = {day: plan().model_copy(update={"launched_on": dt.date(2026, 3, day)}) for day in (1, 2)}
    found = desk.open(launched[1])
    assert said(found, launched[1], "en")[2] == (
        "Launched on 2026-03-01, before the review was over: it counts as not reviewed before its launch."
    )
    assert "按上线前未评审计" in "".join(said(found, launched[1], "zh"))
    assert "Launched on" in question_of(launched[1], found, "market", TODAY)[1]
    assert "launch" not in "".join(said(found, launched[2], "en"))  # there is the rest of the day
    for department, who in (("market", "ma"), ("business_support", "bi"), ("service", "se")):
        desk.score(launched[1], department, who)
    approved = desk.decide(launched[1])
    later = dt.date(2026, 9, 1)
    assert "Approved on 2026-03-02, after its launch on 2026-03-01" in "".join(said(approved, launched[1], "en", later))
    assert "方案于2026-03-02批准，晚于2026-03-01上线" in "".join(said(approved, launched[1], "zh", later))
    assert "launch" not in "".join(said(approved, launched[2], "en", later))  # approved on the day itself: in time


def test_a_file_with_unknown_elements_begins_no_round_and_each_is_named(desk: Desk, tmp_path: Path) -> None:
    wrong = plan("target_group", "optout", "script", "price-terms")
    file = tmp_path / "P1.yaml"
    file.write_text("", "utf-8")
    with pytest.raises(PlanError) as error:
        desk.run(open_round, wrong, desk.rules, AT, TODAY, "lin", "a test", file)
    words = (
        "P1.yaml: elements: 2: no element 'optout'; 4: no element 'price-terms'; write of target_group, price_terms, "
    )
    assert words in str(error.value)
    assert desk.events() == []
    assert desk.run(open_round, plan(), desk.rules, AT, TODAY, "lin", "a test", file).department == "market"


def test_a_delivered_plan_with_unknown_elements_is_reviewed_and_says_which(desk: Desk, tmp_path: Path) -> None:
    odd = plan(*ALL, "gift")
    found = desk.run(open_round, odd, desk.rules, AT, TODAY, "lin", "a test", tmp_path / "P1.yaml")
    assert (
        "Elements that the rules do not know, and that count for nothing: gift; they know complaint_plan, "
        in "\n".join(said(found, odd, "en"))
    )
    assert "规则中没有的要素（不计）：gift；" in "\n".join(said(found, odd, "zh"))
    subject, body = question_of(odd, found, "market", TODAY)
    assert ("market" in subject, "count for nothing: gift" in body, "（不计）：gift" in body) == (True, True, True)


def test_unknown_keys_of_a_plan_are_named_with_those_there_are(home: Home, bench: Workbench) -> None:
    (home.root / "plans").mkdir()
    text = "plan_id: P1\nsubmitted_on: 2026-03-01\nelement: [script]\nlaunch_on: 2026-03-09\n"
    (home.root / "plans" / "P1.yaml").write_text(text, "utf-8")
    with pytest.raises(
        PlanError, match=r"plans/P1.yaml: no key element, launch_on; a plan has plan_id, submitted_on, "
    ):
        load_plan(home, bench, "P1")


def test_a_plan_is_a_file_or_a_row(home: Home, bench: Workbench) -> None:
    from tests.mend.damage.scoring.rows import put

    row = {"plan_id": "P202602-01", "submitted_on": "2026-02-01", "elements_present": "script, opt_out,"}
    put(bench, "marketing_plan", [row])
    assert load_plan(home, bench, "P202602-01").elements == ("script", "opt_out")
    folder = home.root / "plans"
    folder.mkdir()
    (folder / "P9.yaml").write_text("plan_id: P9\nsubmitted_on: 2026-03-01\nelements: [script]\n", "utf-8")
    assert load_plan(home, bench, "P9").elements == ("script",)
    (folder / "P8.yaml").write_text("plan_id: P9\nsubmitted_on: 2026-03-01\n", "utf-8")
    for name, words in (
        ("P8", "plan_id is P9, the file's name says P8"),
        ("P7", "no plan P7: write "),
        ("../etc", "is no plan's id"),
    ):
        with pytest.raises(PlanError, match=words):
            load_plan(home, bench, name)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code: service", "code: sales", "no department sales"),
        ("code: service", "code: market", "market stands twice"),
        (
            "department: service, required: true}\n  complaint",
            "department: network, required: true}\n  complaint",
            "script: network takes no part",
        ),
        ("pass_mark: 7", "pass_mark: 11", "less than or equal to 10"),
        ("approvers: [admin]", "approvers: []", "approvers"),
        ("required: false", "required: perhaps", "required"),
    ],
)
def test_a_broken_file_of_rules_is_refused_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (SHIPPED / "1990-01-01.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "2026-01-01.yaml").write_text(
        text.replace(old, new).replace("valid_from: 1990-01-01", "valid_from: 2026-01-01"), "utf-8"
    )
    with pytest.raises(PlanError, match=words):
        load_plan_rules(tmp_path)


def test_the_shipped_rules_are_in_force_on_any_day_of_ours(tmp_path: Path) -> None:
    found = plan_rules_on(TODAY, load_plan_rules(tmp_path))
    assert found.order == ("market", "business_support", "service")
    assert set(found.required) == set(ALL)
