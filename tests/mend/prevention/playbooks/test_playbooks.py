"""Which playbook a case gets, and files that are refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.mend.prevention.playbooks.files import changed, patch, write

from mend.foundation.schema import CODES
from mend.grumbles.records.taxonomy import load_taxonomies
from mend.prevention.playbooks import PlaybookError, load_playbooks, parse_playbooks, playbooks_on
from mend.prevention.playbooks.cases import COLUMNS, Case
from mend.prevention.playbooks.tickets import case_of_warning
from mend.repair.strategies import INDICATORS, hit_column

PLAYBOOKS = playbooks_on(dt.date(2026, 4, 1), load_playbooks())
TICKET = {"about_code": "follow_up", "tier": 1, "complaint_count": 0, "reopen_count": 0, "is_past_limit": False}

# What is known of the case; its playbook and severity.
CASES: list[tuple[Case, str, int]] = [
    ({}, "general", 1),
    ({"level": 4}, "general", 4),
    ({"level": 0, "hit_agt_07": False}, "general", 1),
    ({"hit_agt_07": True, "level": 2}, "attitude", 2),
    ({"hit_agt_07": True, "hit_agt_01": True, "level": 3}, "attitude", 3),
    ({"hit_agt_01": True, "level": 1}, "dropped_call", 1),
    ({"hit_agt_08": True, "level": 2}, "wrong_answer", 2),
    ({"segment_code": "ivr", "level": 1}, "ivr_failure", 1),
    ({"segment_code": "double", "is_failed_to_connect": True, "level": 2}, "not_connected", 2),
    ({"hit_res_02": True, "level": 2}, "slow_ticket", 2),
    ({"hit_res_03": True, "level": 1}, "closed_unsolved", 2),
    ({"is_escalated": True, "hit_agt_07": True, "level": 4}, "escalated", 4),
    ({"hit_res_05": True, "level": 1}, "promise_broken", 2),
    ({"has_network_grumble": True, "level": 2}, "network_fault", 2),
    (case_of_warning(3, "information_security.data_leak"), "data_leak", 4),
    (case_of_warning(5, "own_value_added.unknown_order"), "value_added_charge", 3),
    (case_of_warning(4, "marketing.without_consent"), "sold_without_consent", 2),
    (case_of_warning(2, "network_coverage.service_outage"), "outage", 2),
    (case_of_warning(2, "marketing"), "sold_without_consent", 2),
    (case_of_warning(2, "never.seen"), "general", 1),
    (case_of_warning(2, None), "general", 1),
    ({**TICKET, "measure_code": "booking", "topic_code": "plan_change"}, "not_connected", 1),
    ({**TICKET, "measure_code": "booking", "topic_code": "plan_change", "is_past_limit": True}, "promise_broken", 3),
    ({**TICKET, "measure_code": "complex_question", "topic_code": "messaging"}, "general", 1),
    ({**TICKET, "measure_code": "complex_question", "topic_code": "bill_dispute"}, "billing_error", 1),
    ({**TICKET, "measure_code": "second_follow_up", "topic_code": None, "tier": 2}, "closed_unsolved", 2),
    ({**TICKET, "measure_code": "second_follow_up", "topic_code": "bill_dispute", "tier": 2}, "closed_unsolved", 2),
    ({**TICKET, "measure_code": "booking", "topic_code": "bill_dispute"}, "not_connected", 1),
    ({**TICKET, "measure_code": "booking", "topic_code": "call_quality", "is_past_limit": True}, "promise_broken", 3),
    ({**TICKET, "measure_code": "complex_question", "topic_code": "value_added"}, "general", 1),
    ({**TICKET, "measure_code": "second_follow_up", "topic_code": "value_added"}, "value_added_charge", 1),
    (case_of_warning(2, "service_attitude.wrong_answer"), "wrong_answer", 1),
    (case_of_warning(2, "service_attitude"), "attitude", 1),
    ({"hit_res_01": True, "level": 1}, "called_again", 1),
    ({"hit_con_07": True, "has_network_grumble": True, "level": 2}, "promise_broken", 2),
    ({**TICKET, "measure_code": "second_follow_up", "topic_code": None, "tier": 3}, "closed_unsolved", 4),
    ({**TICKET, "measure_code": "suspended_complaint", "topic_code": "network_coverage"}, "network_fault", 1),
    ({**TICKET, "measure_code": "suspended_complaint", "topic_code": None, "complaint_count": 2}, "escalated", 3),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "code", "severity"), CASES, ids=[f"{each[1]}-{place}" for place, each in enumerate(CASES)]
)
def test_a_case_gets_the_first_playbook_that_fits_and_what_nobody_knows_is_not_true(
    case: Case, code: str, severity: int
) -> None:
    found = PLAYBOOKS.choose(case)
    assert (found.playbook.code, found.severity) == (code, severity)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_no_indicator_is_left_to_the_general_playbook(indicator: str) -> None:
    assert PLAYBOOKS.choose({hit_column(indicator): True, "level": 1}).playbook.code != "general"


def test_every_playbook_shipped_is_somebody_s() -> None:
    assert {each.code for each in PLAYBOOKS.playbooks} == {code for _, code, _ in CASES}
    assert {each.failure_code for each in PLAYBOOKS.playbooks} == set(CODES["failure_type"])


def test_grumble_points_and_topics_that_playbooks_name_are_those_of_the_taxonomy() -> None:
    """A code with a typing error would never hold, and nobody would see it."""
    taxonomy = load_taxonomies()[-1]
    areas = {code for code in taxonomy.types if "." not in code}
    topics = {topic for each in taxonomy.types.values() for topic in each.topics}
    asked = {
        "grumble_type_code": set(taxonomy.types),
        "grumble_area_code": areas,
        "topic_code": topics | {"mobile_data"},
    }
    for playbook in PLAYBOOKS.playbooks:
        for column, known in asked.items():
            assert named_beside(playbook.when.tree if playbook.when else None, column) <= known, playbook.code


def test_no_playbook_names_a_grumble_point_that_one_before_it_takes_away() -> None:
    """What stands behind a wider condition is never reached, and nobody would see it."""
    for playbook in PLAYBOOKS.playbooks:
        for code in named_beside(playbook.when.tree if playbook.when else None, "grumble_type_code"):
            assert PLAYBOOKS.choose(case_of_warning(2, code)).playbook.code == playbook.code, code


def named_beside(tree: Any, column: str) -> set[str]:
    """The texts with which a condition compares a column."""
    from sqlglot import exp

    compared = [] if tree is None else [*tree.find_all(exp.EQ), *tree.find_all(exp.In)]
    return {
        str(value.this)
        for node in compared
        if isinstance(node.this, exp.Column) and node.this.name == column
        for value in node.find_all(exp.Literal)
    }


def test_steps_come_with_severity_and_words_are_in_both_languages() -> None:
    attitude = PLAYBOOKS.playbook("attitude")
    assert len(attitude.steps_at(1, "en")) == 3
    assert attitude.steps_at(3, "zh")[-1] == "值班主管回电告知处理结果。"
    assert attitude.name("zh") == "服务态度问题"
    assert attitude.limit(3, "supervisor") == 50


def test_a_text_that_is_kept_gives_the_same_version_whatever_its_layout() -> None:
    again = parse_playbooks(PLAYBOOKS.text)
    assert (again.digest, again.text) == (PLAYBOOKS.digest, PLAYBOOKS.text)
    assert [each.code for each in again.playbooks] == [each.code for each in PLAYBOOKS.playbooks]
    assert parse_playbooks(changed(day="1990-01-01")).digest == PLAYBOOKS.digest


def test_a_home_s_version_counts_from_its_day(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", patch({"playbooks": {"attitude": {"least_severity": 3}}}))
    versions = load_playbooks(folder)
    assert playbooks_on(dt.date(2026, 5, 31), versions).choose({"hit_agt_07": True}).severity == 1
    assert playbooks_on(dt.date(2026, 6, 1), versions).choose({"hit_agt_07": True}).severity == 3


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"playbooks": {"attitude": {"when": "mood = 'angry'"}}}, "attitude: when: unknown column mood"),
    ({"playbooks": {"attitude": {"when": "level >= 7"}}}, "attitude: when: level: it is never 7; it is 0 to 4"),
    ({"playbooks": {"attitude": {"when": "hit_agt_77"}}}, "attitude: when: unknown column hit_agt_77"),
    ({"playbooks": {"attitude": {"when": "lower(topic_code) = 'x'"}}}, "attitude: when: .* is not allowed"),
    ({"playbooks": {"attitude": {"when": "gone"}}}, "playbooks: attitude: when is missing; only the last"),
    ({"playbooks": {"general": {"when": "level >= 1"}}}, "playbooks: general: when: the last playbook fits every"),
    ({"playbooks": {"attitude": {"failure_code": "rude"}}}, "failure_code: there is no rude; it is one of data_leak"),
    ({"playbooks": {"attitude": {"compensation": "much"}}}, "compensation: there is no scale much; it is one of"),
    ({"playbooks": {"attitude": {"steps": []}}}, "steps: holds none"),
    ({"playbooks": {"attitude": {"script_zh": "Sorry."}}}, "attitude: script_zh: .*is not Chinese"),
    ({"playbooks": {"attitude": {"script_en": "Sorry for {happened}."}}}, "attitude: holds a place in brackets"),
    ({"playbooks": {"attitude": {"least_severity": 5}}}, "attitude: least_severity: .*less than or equal to 4"),
    ({"scales": {"goodwill": {2: {"agent": 50}}}}, "goodwill: 2: team_leader may give 10 yuan, agent below it 50"),
    ({"scales": {"goodwill": {2: {"agent": "gone"}}}}, "goodwill: 2: agent is missing; write 0"),
    ({"scales": {"goodwill": {2: {"chief": 1}}}}, "goodwill: 2: there is no authority level chief"),
    ({"scales": {"goodwill": {4: "gone"}}}, "goodwill: severity 4 is missing"),
    ({"scales": {"goodwill": {4: {"province": 200}}}}, "goodwill: province may give less at severity 4 than at 3"),
    ({"scales": {"goodwill": {1: {"agent": -1}}}}, "greater than or equal to 0"),
    ({"scales": {"goodwill": {1: {"agent": 1.5}}}}, "goodwill: 1: agent: "),
    ({"authority": {"agent": {"holders": ["li"]}}}, "agent: holders: the lowest level has none"),
    ({"authority": {"supervisor": {"holders": ["admin"]}}}, "admin stands under supervisor and province"),
    ({"severity": {"four": "level = 9"}}, "severity: four: level: it is never 9"),
    ({"look": {"days": 0}}, "look: days: "),
    ({"looks": {}}, "looks: Extra inputs"),
    ({"valid_from": dt.date(2026, 7, 1)}, "valid_from is 2026-07-01, the file's name says 2026-06-01"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), MISTAKES, ids=[each[1][:40] for each in MISTAKES])
def test_a_broken_file_is_refused_with_file_place_and_reason(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    with pytest.raises(PlaybookError, match=r"2026-06-01\.yaml: .*?" + says):
        load_playbooks(write(tmp_path / "p", patch(change)))


def test_columns_of_cases_have_words_in_both_languages() -> None:
    assert all(each.en and each.zh for each in COLUMNS.values())
