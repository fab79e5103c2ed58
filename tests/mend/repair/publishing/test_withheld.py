"""Publishing, row by row: what the contact rules, the persons and the budget allow; in whose words it is said."""

from __future__ import annotations

import pytest
import yaml
from tests.mend.care.survey.desk import customer, rows, run
from tests.mend.repair.publishing.published import DAY, cells, counts, out, states
from tests.mend.repair.publishing.written import AT, RULES, approved, number, row, write

from mend.care.survey.rules import FOLDER
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign.hold_out import in_hold_out
from mend.repair.strategies import StrategyError


def test_what_the_contact_rules_refuse_is_withheld_with_its_reason(desk: Home, bench: Workbench) -> None:
    customer(desk, "nobody", number(7), has_survey_consent=False)
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    run(desk, "update contact_address set is_active = false where customer_id = 'A'")
    write(
        bench,
        [row("dropped_call_care", name, rank) for rank, name in enumerate(["A", "B", "C", "nobody", "unheard"], 1)],
    )
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (
        1, {"customer_left": 1, "no_consent": 1, "no_number": 1, "opted_out": 1},
    )  # fmt: skip
    shown = {
        each["customer_id"]: (each["phone_number"], each["number_note_en"])
        for each in cells(report.folder / "hangzhou-sms.csv")
    }
    assert shown["B"] == ("", "they want no messages")
    assert shown["C"] == ("'+86138****0002", "")
    assert shown["A"] == ("", "they are no subscriber any more")


def owed_text() -> str:
    """The strategies with the care message as something that customers are owed."""
    content = yaml.safe_load(RULES.text)
    content["strategies"]["dropped_call_care"] |= {"is_entitlement": True, "hold_out_share": 0.0}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def test_what_is_owed_and_cannot_be_written_goes_to_a_person(desk: Home, bench: Workbench) -> None:
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    write(bench, [row("dropped_call_care", name, is_entitlement=True) for name in "BC"], text=owed_text())
    approved(desk, bench)
    report = out(desk, bench)
    assert states(desk) == [("B", "to_person", "opted_out"), ("C", "queued", None)]
    assert rows(desk, "select is_promised from sms_outbox") == [(True,)]
    assert [each["phone_number"] for each in cells(report.folder / "hangzhou-sms.csv")] == [
        "'+86138****0001",
        "'+86138****0002",
    ]


def test_whoever_cannot_be_reached_any_more_is_not_called_or_credited(desk: Home, bench: Workbench) -> None:
    customer(desk, "gone", number(7))
    calls = [row("phone_callback", name, rank) for rank, name in enumerate(["A", "B", "unheard"], 1)]
    labels = [row("priority_access", name, rank) for rank, name in enumerate(["gone", "unseen"], 1)]
    owed = [row("complaint_handling", "A"), row("rebate", "C", amount=50), row("manager_visit", "unmet")]
    write(bench, calls + labels + owed)
    approved(desk, bench)
    run(desk, "insert into sms_opt_out values (:number, :at, 'reply')", number=number(1), at=AT - DAY)
    run(desk, "update contact_address set is_active = false where customer_id in ('A', 'gone')")
    out(desk, bench)
    found = "select strategy_code, customer_id, state_code, reason_code from campaign_action order by 1, 2"
    assert rows(desk, found) == [
        ("complaint_handling", "A", "to_person", "customer_left"),
        ("manager_visit", "unmet", "planned", None),  # nobody needs a number to visit them
        ("phone_callback", "A", "withheld", "customer_left"),
        ("phone_callback", "B", "withheld", "opted_out"),
        ("phone_callback", "unheard", "withheld", "no_number"),
        ("priority_access", "gone", "withheld", "customer_left"),
        ("priority_access", "unseen", "planned", None),  # nor to put them through first
        ("rebate", "C", "planned", None),
    ]


def test_customers_who_turned_out_to_be_one_person_get_one_thing_and_what_each_is_owed(
    desk: Home, bench: Workbench
) -> None:
    gifts = [row("rebate", "B", amount=50, level=4), row("dropped_call_care", "C"), row("phone_callback", "alone")]
    write(bench, [row("phone_callback", "D", 2), row("complaint_handling", "D"), *gifts])
    approved(desk, bench)
    customer(desk, "alone", number(7))
    customer(desk, "D", number(8))
    run(desk, "insert into customer_person values ('D', 'B', '2026-04-01', null), ('C', 'B', '2026-04-01', null)")
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (0, {"same_person": 1})
    found = "select strategy_code, customer_id, state_code, reason_code from campaign_action order by 1, 2"
    assert rows(desk, found) == [
        ("complaint_handling", "D", "planned", None),
        ("dropped_call_care", "C", "withheld", "same_person"),
        ("phone_callback", "D", "withheld", "same_person"),
        ("phone_callback", "alone", "planned", None),
        ("rebate", "B", "planned", None),
    ]
    calls = {(each["strategy_code"], each["customer_id"]): each for each in cells(report.folder / "hangzhou-call.csv")}
    again = calls["phone_callback", "D"]
    assert (again["phone_number"], again["number_note_en"]) == ("", "the same person as in another row, which stands")
    assert calls["complaint_handling", "D"]["phone_number"] == "'+86138****0001"
    assert calls["phone_callback", "alone"]["phone_number"] == "'+86138****0007"
    told = "select strategy_code, customer_id from routing_entry order by 1, 2"
    assert rows(desk, told) == [("complaint_handling", "D"), ("phone_callback", "alone"), ("rebate", "B")]


@pytest.mark.parametrize(
    ("joined", "kept"),
    [
        ("K12", {("rebate", "B"), ("dropped_call_care", "C")}),  # the universal arm: nothing
        ("K1", {("rebate", "B")}),  # the arm of rebates alone: what else they are on the list for stands
        ("K3", set()),  # in no arm
    ],
)
def test_whoever_became_one_with_somebody_held_out_gets_only_what_they_are_owed(
    desk: Home, bench: Workbench, joined: str, kept: set[tuple[str, str]]
) -> None:
    """The list was made before: B and C are on it, and an id that is not on it turns out to be theirs."""
    for share, what in ((RULES.settings.universal_hold_out_share, "universal"), (0.1, "rebate")):
        is_held = in_hold_out(joined, "2026H1", what, share, RULES.settings.seed)
        assert is_held == ((joined, what) in {("K12", "universal"), ("K1", "rebate")})
    given = [row("rebate", "B", amount=50), row("dropped_call_care", "C"), row("phone_callback", "A")]
    write(bench, [*given, row("complaint_handling", "B")])
    approved(desk, bench)
    values = ("'2026-04-01', null" for _ in "BC")
    for name, rest in zip("BC", values, strict=True):
        run(desk, f"insert into customer_person values ('{name}', '{joined}', {rest})")
    out(desk, bench)
    found = rows(desk, "select strategy_code, customer_id, state_code, reason_code from campaign_action")
    assert {(code, name) for code, name, _, reason in found if reason == "held_out"} == kept
    assert {state for _, _, state, reason in found if reason == "held_out"} <= {"withheld"}
    assert ("complaint_handling", "B", "planned", None) in found
    assert ("phone_callback", "A", "planned", None) in found
    told = {(code, name) for code, name in rows(desk, "select strategy_code, customer_id from routing_entry")}
    assert told == {(code, name) for code, name, state, _ in found if state != "withheld"}
    assert rows(desk, "select count(*) from sms_outbox") == [(int(any(state == "queued" for _, _, state, _ in found)),)]


def commercial_text(message: str = "可享优惠，回T退订") -> str:
    """The strategies with the consolidation message as an offer."""
    content = yaml.safe_load(RULES.text)
    offer = {
        "consent_code": "commercial",
        "message_zh": message,
        "message_en": "An offer of {amount} yuan. Reply STOP to opt out.",
    }
    content["strategies"]["sms_consolidation"] |= offer
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)


def test_an_offer_goes_to_those_who_agreed_to_offers_and_have_no_complaint_open(desk: Home, bench: Workbench) -> None:
    run(desk, "update contact_address set has_marketing_consent = false where customer_id = 'A'")
    run(desk, "insert into known_ticket values ('T', 'B', 'billing', :at)", at=AT - DAY)
    offers = [row("sms_consolidation", name, rank, amount=50) for rank, name in enumerate("ABC", 1)]
    write(bench, offers, text=commercial_text())
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (1, {"matter_open": 1, "no_consent": 1})
    assert rows(desk, "select customer_id, purpose_kind_code, text from sms_outbox") == [
        ("C", "commercial", "可享优惠，回T退订")
    ]


def test_an_offer_that_says_nowhere_how_to_opt_out_is_not_sent(desk: Home, bench: Workbench) -> None:
    write(bench, [row("sms_consolidation", "C")])
    approved(desk, bench)
    write(bench, [row("sms_consolidation", "C")], text=commercial_text("可享优惠"))
    with pytest.raises(StrategyError, match=r"sms_consolidation.*opt out"):
        out(desk, bench)
    assert set(counts(desk).values()) == {0}


def test_a_message_is_in_the_customers_language_with_its_places_filled(desk: Home, bench: Workbench) -> None:
    run(desk, "update contact_address set language_code = 'en' where customer_id = 'C'")
    write(bench, [row("sms_consolidation", "C", amount=50)], text=commercial_text())
    approved(desk, bench)
    out(desk, bench)
    assert rows(desk, "select language_code, text from sms_outbox") == [
        ("en", "An offer of 50 yuan. Reply STOP to opt out.")
    ]


def test_messages_over_the_days_budget_go_on_later_days_of_the_validity(desk: Home, bench: Workbench) -> None:
    rules = yaml.safe_load((FOLDER / "1990-01-01.yaml").read_text("utf-8"))
    rules["policy"] |= {"budgets": {"service": 2, "commercial": 2}, "reserved_of_budget": 0}
    folder = desk.root / "survey_rules"
    folder.mkdir()
    few = yaml.safe_dump(rules, allow_unicode=True)
    (folder / "1990-01-01.yaml").write_text(few, "utf-8")
    names = [f"K{place}" for place in range(7)]
    for place, name in enumerate(names, 20):
        customer(desk, name, number(place))
    write(bench, [row("dropped_call_care", name, rank, valid_until="2026-04-05") for rank, name in enumerate(names, 1)])
    approved(desk, bench)
    report = out(desk, bench)
    assert (report.queued, report.withheld) == (6, {"budget_spent": 1})
    days = rows(
        desk, "select customer_id, (not_before at time zone 'Asia/Shanghai')::date::text from sms_outbox order by 1"
    )
    assert [day[-2:] for _, day in days] == ["03", "03", "04", "04", "05", "05"]
    assert states(desk)[-1] == ("K6", "withheld", "budget_spent")
