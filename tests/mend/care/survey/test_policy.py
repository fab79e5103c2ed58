"""Rule files with a mistake are not taken; caps hold for eight processes at once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.mend.care.survey.desk import customer, drop, event, moment, open_account, rows

from mend.care.survey.rules import FOLDER, SurveyRuleError, load_rules, read_rule_file, rules_on
from mend.foundation.home import Home

RULES = load_rules()[0]
SHIPPED = (FOLDER / "1990-01-01.yaml").read_text("utf-8")


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
    processes = [
        subprocess.Popen([*arguments, moment(f"2026-05-11 10:{2 + 4 * number:02}").isoformat()],
                         env={**os.environ, **environment})
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
