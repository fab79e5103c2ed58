"""The contact rules for one message and for many say the same; rule files with a mistake are refused; caps hold for
eight at once.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.mend.care.survey.desk import customer, customer_row, drop, event, moment, open_account, put, rows

from mend.care.survey.dispatch import dispatch
from mend.care.survey.policy import Counted, Person, reason_not_to_contact
from mend.care.survey.rules import FOLDER, SurveyRuleError, load_rules, read_rule_file, rules_on
from mend.foundation.home import Home

RULES = load_rules()[0]
AT = moment("2026-05-11 19:58")
OPEN_TICKET = "insert into known_ticket values (:id, :name, 'mobile_data', :at)"
RESERVED = "insert into contact_reservation values (:key, :name, :key, :consent, :promised, :at, 'before')"
SHIPPED = (FOLDER / "1990-01-01.yaml").read_text("utf-8")


def someone(chance: random.Random) -> Person:
    zones = chance.choice([("Asia/Shanghai",), ("America/New_York",), ("Europe/Moscow", "Asia/Vladivostok"), ()])
    counted = tuple(
        Counted(
            AT - dt.timedelta(days=chance.uniform(0, 9)),
            chance.choice(["service", "service", "commercial"]),
            chance.random() < 0.6,
        )
        for _ in range(chance.choice([0, 0, 1, 2, 4, 5, 6]))
    )
    return Person(
        zones, chance.random() < 0.95, chance.choice([True, True, True, False, None]), True, chance.random() < 0.05,
        chance.random() < 0.05,
        tuple(each if not each.is_promised else Counted(each.at, "service", True) for each in counted),
        chance.random() < 0.05,
    )  # fmt: skip


def test_the_rules_for_one_and_the_rules_for_many_give_the_same_reasons(home: Home) -> None:
    chance = random.Random(11)
    open_account(home)
    expected: dict[str, str | None] = {}
    events: list[dict[str, Any]] = []
    world: list[tuple[str, dict[str, Any]]] = []
    for number in range(250):
        person, name = someone(chance), f"K{number}"
        kind = chance.choice(["contact_ended", "repair_done", "campaign"])
        happened = AT - dt.timedelta(minutes=chance.choice([1, 5, 600, 1300, 3000]))
        trigger = {"contact_ended": "complex_topic_ended", "repair_done": "repair_succeeded", "campaign": "campaign"}[
            kind
        ]
        phone = f"+86139{number:08}" if person.zones else None
        consent = {"is_active": person.is_active, "has_survey_consent": person.has_survey_consent}
        world.append(customer_row(name, phone, zones=",".join(person.zones), **consent))
        if person.is_number_in_doubt and phone:
            world.append(customer_row(f"other {name}", phone))
        if person.is_opted_out and phone:
            world.append(("insert into sms_opt_out values (:phone, :at, 'agent')", {"phone": phone, "at": AT}))
        if person.has_open_matter:
            world.append((OPEN_TICKET, {"id": f"T{name}", "name": name, "at": AT}))
        world += [
            (
                RESERVED,
                {
                    "key": f"{name} {place}",
                    "name": name,
                    "consent": each.consent,
                    "promised": each.is_promised,
                    "at": each.at,
                },
            )
            for place, each in enumerate(person.counted)
        ]
        stamp = happened.strftime("%Y-%m-%d %H:%M:%S")
        events.append(
            event(name, name, stamp, kind, outcome_code="answered" if kind == "contact_ended" else "resolved")
        )
        expected[f"{trigger}:{name}"] = reason_not_to_contact(
            person, RULES.triggers[trigger], RULES.policy, happened, AT
        )
    put(home, world)
    drop(home, *events)
    dispatch(home, AT)
    told = dict(
        rows(home, "select survey_id, reason_code from survey_refusal union all select survey_id, null from survey")
    )
    deferred = {key for key, reason in expected.items() if reason == "matter_open" and key not in told}
    assert told == {key: reason for key, reason in expected.items() if key not in deferred}
    assert set(expected.values()) >= {
        None,
        "no_number",
        "number_in_doubt",
        "opted_out",
        "no_consent",
        "too_late",
        "quiet_hours",
        "cap_kind",
        "cap_total",
    }


BREAKS = {
    "hours": ('until: "20:30"', 'until: "08:00"', "from must be before until"),
    "template": ("template: progress", "template: nothing", "progress_message: no template nothing"),
    "questionnaire": ("questionnaire: score_0_10", "questionnaire: score", "no questionnaire score"),
    "field": (("when: {kind_code: "
"[campaign]}"), "when: {kind_code: [campaign], wealth: [high]}", "an event has no wealth"),
    "link": ("We have put your problem right.", "See https://mend.example.", "carries no link"),
    "opt out": ("已解决请回复1，未解决请回复7。回T退订", "已解决请回复1，未解决请回复7。", "nowhere how to opt out"),
    "five minutes": ("delay_seconds: 240", "delay_seconds: 900", "less than or equal to 300"),
    "promised "
"commercial": ("consent: service\n    promised: true", "consent: commercial\n    promised: true", "never a promised"),
    "not yaml": ("policy:", "policy: [", "not YAML"),
    "score and word": ("scale: 10", "scale: 10\n    digits: {7: unsolved}", "a score and a word"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_file_is_refused_with_file_and_reason(name: str, tmp_path: Path) -> None:
    old, new, words = BREAKS[name]
    assert old in SHIPPED
    (tmp_path / "1990-01-01.yaml").write_text(SHIPPED.replace(old, new, 1), "utf-8")
    with pytest.raises(SurveyRuleError, match=words) as error:
        read_rule_file(tmp_path / "1990-01-01.yaml")
    assert "1990-01-01.yaml" in str(error.value)


def test_rules_are_those_in_force_on_the_day(tmp_path: Path) -> None:
    later = SHIPPED.replace("valid_from: 1990-01-01", "valid_from: 2026-06-01").replace("share: 0.05", "share: 0.2")
    (tmp_path / "2026-06-01.yaml").write_text(later, "utf-8")
    versions = load_rules(tmp_path)
    shares = [
        rules_on(day, versions).triggers["hang_up_sample"].share for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 1))
    ]
    assert shares == [0.05, 0.2]
    with pytest.raises(SurveyRuleError, match="1989"):
        rules_on(dt.date(1989, 1, 1), versions)


PROCESS = """
import datetime as dt, sys
from mend.foundation.home import Home
from mend.care.survey.dispatch import dispatch
home = Home.at(sys.argv[1])
start = dt.datetime.fromisoformat(sys.argv[2])
for minutes in range(3):
    dispatch(home, start + dt.timedelta(minutes=minutes))
"""


def test_eight_processes_at_once_queue_no_message_over_a_cap_and_lose_no_promised_one(home: Home) -> None:
    """40 customers, each with 6 promised and 3 ordinary events, and 8 processes that decide on them."""
    open_account(home)
    events = []
    for number in range(40):
        name = f"K{number}"
        customer(home, name, f"+86139{number:08}")
        events += [event(f"{name}p{each}", name, "2026-05-11 10:00") for each in range(6)]
        events += [
            event(f"{name}o{each}", name, "2026-05-11 10:00", "repair_done", outcome_code="resolved")
            for each in range(3)
        ]
    drop(home, *events)
    environment = {
        "MEND_DATABASE_URL": home.database_url,
        "MEND_CATALOG_URL": home.catalog_url,
        "MEND_ZONE": "Asia/Shanghai",
    }
    arguments = [sys.executable, "-c", PROCESS, str(home.root)]
    path = json.dumps([each for each in sys.path if each])
    processes = [
        subprocess.Popen([*arguments, moment(f"2026-05-11 10:{2 + 4 * number:02}").isoformat()],
                         env={**environment, "PYTHONPATH": ":".join(json.loads(path)), "PATH": "/usr/bin:/bin"})
        for number in range(8)
    ]  # fmt: skip
    assert [process.wait(timeout=120) for process in processes] == [0] * 8
    by_customer = rows(
        home,
        "select customer_id, count(*) filter (where is_promised), count(*) filter (where not is_promised) from "
        "sms_outbox group by 1",
    )
    assert len(by_customer) == 40
    assert max(promised for _, promised, _ in by_customer) <= RULES.policy.caps.promised.most
    assert max(ordinary for _, _, ordinary in by_customer) <= RULES.policy.caps.service.most
    # Every promised one is queued, or refused with its reason and given to a person, or waits for the next batch.
    ((queued, refused, waiting),) = rows(
        home,
        "select (select count(*) from survey where is_promised), (select count(*) from survey_refusal where "
        "is_promised and needs_person), "
        "(select count(*) from service_event where kind_code = 'contact_ended' and dispatched_at is null)",
    )
    assert queued + refused + waiting == 240
    assert rows(home, "select sum(used_count) from contact_budget") == rows(home, "select count(*) from sms_outbox")
