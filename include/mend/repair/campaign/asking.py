"""The contact rules, asked of all candidates whom a discretionary strategy means; and earlier lists that still have
them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from mend.care.contact_rules import Request, Terms, reasons_of_set
from mend.care.contact_rules.rules import Policy
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import one_of
from mend.foundation.periods import ONE_DAY, day_begins, first_day_of, month_before
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.runner import Step
from mend.repair.campaign.facts import GATE_OF_REASON, KIND_BITS, KINDS
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.tables import kind_of

ROOM: Final = "repair/campaign"
LEAST_TO_SHARE: Final = 100_000  # requests from which several sessions ask side by side
MONTHS_OF_LISTS: Final = 12  # a list is valid for a year at most, and no cap looks back further


def ask_contact_rules(step: Step, home: Home, plan: Plan, policy: Policy) -> None:
    """Make campaign_contact: which gates the contact rules close to whom, for each kind of contact.

    They are asked as of the first day of the campaign. Room is taken when the list is published.
    """
    step.put("contact_answer", {"kind": "integer", "customer_id": "varchar", "reason_codes": "varchar"}, [])
    for kind, consent in enumerate(KINDS):
        numbers = [
            plan.number(each.code) for each in plan.strategies if not each.is_entitlement and kind_of(each) == kind
        ]
        if numbers:
            _ask(step, home, plan, policy, kind, consent, sum(1 << number for number in numbers))
    bits = list(GATE_OF_REASON.items())
    step.put("contact_gate", {"reason_code": "varchar", "bit": "integer"}, bits)
    step.run(read_model(ROOM, "campaign_contact"), {"kind_bits": KIND_BITS})


def _ask(step: Step, home: Home, plan: Plan, policy: Policy, kind: int, consent: str, asking_mask: int) -> None:
    at = day_begins(plan.days[0], home.zone)
    request = Request(
        key=f"campaign {plan.month} {consent} ",
        customer_id="",
        happened_at=at,
        planned_at=at,
        latest_at=day_begins(plan.days[-1] + ONE_DAY, home.zone),
        consent_code=consent,
    )
    step.run(read_model(ROOM, "campaign_request"), {"asking_mask": asking_mask})
    terms = Terms(policy, at, home.zone, batch=f"campaign {plan.month}")
    shares = home.threads if step.count("campaign_request") >= LEAST_TO_SHARE else 1
    home.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.scratch) as folder, ThreadPoolExecutor(shares) as pool:
        files = [Path(folder) / f"requests-{number}.csv" for number in range(shares)]
        for number, path in enumerate(files):
            share = {"share_count": shares, "share_number": number}
            step.make(read_model(ROOM, "campaign_request_share"), "request_share", share)
            step.to_csv("request_share", path)
        for answers in pool.map(lambda path: _answers(home, path, request, terms), files):
            step.from_csv("answer_file", {"reason_codes": "varchar", "customer_ids": "varchar"}, answers)
            step.make(read_model(ROOM, "campaign_answer"), "answer_of_kind", {"kind": kind})
            step.append("answer_of_kind", "contact_answer")
    step.drop("campaign_request", "request_share")


def _answers(home: Home, customers: Path, request: Request, terms: Terms) -> Path:
    """The file of answers on a file of customers. Each share is asked in a session of its own: nothing is reserved, and
    one request's answer does not hang on another's."""
    answers = customers.with_name(f"answers-{customers.name}")
    with operations.transaction(home.database_url) as connection:
        reasons_of_set(connection, customers, answers, request, terms)
    return answers


def find_earlier(step: Step, plan: Plan, versions: Sequence[tuple[str, int]]) -> None:
    """Make campaign_earlier: whom lists of earlier months, in these versions, still have, and who was contacted on a
    channel as often as may be."""
    months = [month for month, _ in versions]
    step.view("mart_campaign_list", "list_file", where=one_of("month", months))
    step.put("earlier_version", {"month": "varchar", "version": "integer"}, versions)
    step.make(read_model(ROOM, "campaign_earlier_list"), "earlier_list")
    step.put("campaign_channel", CHANNEL_COLUMNS, _channels(plan))
    step.run(read_model(ROOM, "campaign_earlier"), {"first_day": plan.days[0]})


CHANNEL_COLUMNS: Final = {
    "channel_code": "varchar", "strategy_mask": "bigint", "cap_most": "bigint", "cap_days": "integer",
}  # fmt: skip


def _channels(plan: Plan) -> list[tuple[str, int, int | None, int]]:
    """Each channel with its discretionary strategies as bits, and the most contacts within so many days."""
    found = []
    for channel in sorted({each.channel_code for each in plan.strategies}):
        mask = sum(1 << plan.number(each.code) for each in plan.rules.discretionary if each.channel_code == channel)
        cap = plan.rules.settings.caps.get(channel)
        found.append((channel, mask, None if cap is None else cap.most, 1 if cap is None else cap.days))
    return found


def earlier_months(month: str) -> list[str]:
    """The months whose lists may still count, newest first."""
    found = []
    day = first_day_of(month)
    for _ in range(MONTHS_OF_LISTS):
        before = month_before(day)
        found.append(before)
        day = first_day_of(before)
    return found
