"""A month's campaign on small worlds: entitlements first, samples, days, words, versions, hold-out of persons, pins."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from tests.mend.repair.campaign.worlds import MAY, Somebody, put_strategies, put_world, rows

from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import all_of, equal, every_row
from mend.foundation.pipeline.housekeeping import maintain_lake
from mend.foundation.pipeline.workbench import Workbench
from mend.repair.campaign import CampaignError, make_campaign, rebuild_campaign, versions_of, what_if, why_not
from mend.repair.campaign.hold_out import is_withheld

NO_HOLD_OUT = {"universal_hold_out_share": 0.0}
ALL_IN = {
    code: {"hold_out_share": 0.0}
    for code in (
        "priority_access", "phone_callback", "dropped_call_care", "rebate", "manager_visit", "sms_consolidation",
        "special_resources", "alternative_remedy",
    )
}  # fmt: skip


def _strategies(home: Home, **changes: dict[str, object]) -> Path:
    words = {code: {**ALL_IN.get(code, {}), **changes.get(code, {})} for code in {**ALL_IN, **changes}}
    return put_strategies(home.root / "strategies", words, **NO_HOLD_OUT)


def test_what_customers_are_owed_comes_first_and_what_is_over_the_capacity_stays_listed(
    home: Home, bench: Workbench
) -> None:
    _strategies(home, phone_callback={"city_capacity": {"default": 2}, "capacity_per_day": 1})
    people = [Somebody(f"O{number}", level=1, hits=("CON-07",)) for number in range(3)]
    put_world(home, bench, [*people, Somebody("W", level=4, hits=())])
    report = make_campaign(home, bench, MAY)
    listed = rows(bench, "mart_campaign_list", "strategy_code", "customer_id", "is_overload", "planned_on::varchar")
    assert [row for row in listed if row[0] == "promised_callback"] == [
        ("promised_callback", "O0", False, "2026-06-01"),
        ("promised_callback", "O1", False, "2026-06-02"),
        ("promised_callback", "O2", True, "2026-06-30"),
    ]
    assert not [row for row in listed if row[0] == "phone_callback"], "the seats are those of phone_callback"
    assert report.overload == 1


def test_who_is_drawn_comes_before_the_worst_with_the_probability_of_it(home: Home, bench: Workbench) -> None:
    _strategies(
        home,
        phone_callback={
            "sample": {"of": "is_dissatisfied_hangup", "share": 1.0}, "city_capacity": {"default": 2},
            "audience": "level >= 1",
        },
        priority_access={"audience": "level > 4"},
    )  # fmt: skip
    drawn = [Somebody(f"D{number}", level=1, hang_up_score=3) for number in range(4)]
    put_world(home, bench, [*drawn, *(Somebody(f"W{number}", level=4) for number in range(3))])
    make_campaign(home, bench, MAY)
    listed = rows(bench, "mart_campaign_list", "strategy_code", "customer_id", "sample_probability")
    called = [row for row in listed if row[0] == "phone_callback"]
    assert [row[2] for row in called] == [0.5, 0.5], "all four were drawn, and there was room for two"
    assert {row[1][0] for row in called} == {"D"}


def test_a_list_says_in_words_what_happened_and_why(home: Home, bench: Workbench) -> None:
    _strategies(home)
    put_world(home, bench, [Somebody("A", level=4, hits=("AGT-08", "RES-01")), Somebody("B", level=3, hits=())])
    make_campaign(home, bench, MAY)
    words = rows(bench, "mart_campaign_list", "customer_id", "reasons_en", "reasons_zh", "label_en", "label_zh")
    assert words[0][1] == "wrong answer (5); had to call again (5)"
    assert words[0][2] == "解答错误（5）；重复来电（5）"
    assert "they got a wrong answer; they had to call again about the same matter" in words[0][3]
    assert "得到错误解答；同一问题重复来电" in words[0][4]
    assert words[1][1:3] == ("carried over from earlier months", "以前月份结转")


def test_a_person_who_is_held_out_by_an_earlier_id_stays_held_out_and_leaves_the_comparison(
    home: Home, bench: Workbench
) -> None:
    put_strategies(home.root / "strategies", ALL_IN, universal_hold_out_share=0.3)
    arms = {
        name: is_withheld([name], "2026H1", "universal", 0.3, "mend") for name in (f"P{number}" for number in range(40))
    }
    held, free = [name for name in arms if arms[name]][:2], [name for name in arms if not arms[name]][:3]
    merged = Somebody(free[0], other_ids=(held[0],))
    same = Somebody(held[1], other_ids=())
    put_world(home, bench, [merged, same, Somebody(free[1], other_ids=(free[2],))])
    make_campaign(home, bench, MAY)
    found = rows(bench, "mart_campaign_gate", "customer_id", "outcome_code", "arm_code", "shadow_strategy_code")
    assert {row[0]: row[1:] for row in found} == {
        free[0]: ("held_out", None, "phone_callback"),
        held[1]: ("held_out", "held_out", "phone_callback"),
        free[1]: ("listed", "offered", None),
    }


def test_a_version_is_new_only_when_the_content_is_and_is_rebuilt_after_everything_moved_on(
    home: Home, bench: Workbench, tmp_path: Path
) -> None:
    _strategies(home, phone_callback={"city_capacity": {"default": 3}})
    people = [Somebody(f"K{number}", level=3, hits=("AGT-08", "CON-02")) for number in range(8)]
    put_world(home, bench, people)
    first = make_campaign(home, bench, MAY)
    assert (first.version, first.is_new, first.deferred > 0 or first.listed == 8) == (1, True, True)
    rebuild_campaign(home, bench, MAY, 1, tmp_path / "before")
    put_world(home, bench, [*people[:5], Somebody("N", level=4)])
    _strategies(home, phone_callback={"city_capacity": {"default": 1}, "prior": PRIOR})
    second = make_campaign(home, bench, MAY)
    assert (second.version, second.is_new) == (2, True)
    for table in ("mart_damage_month", "mart_damage_ledger", "mart_indicator", "core_customer"):
        bench.lake.replace(table, every_row(), [])
    maintain_lake(home, bench, [], keep_snapshots_days=0, orphans_after_hours=0)
    rebuilt = rebuild_campaign(home, bench, MAY, 1, tmp_path / "after")
    assert rebuilt.content_sha256 == first.content_sha256
    for name in ("gate", "gate_pattern", "list", "price"):
        one, other = (tmp_path / folder / f"{name}.csv" for folder in ("before", "after"))
        assert one.read_bytes() == other.read_bytes()
        assert one.stat().st_size > 100
    assert [each.version for each in versions_of(bench, MAY)] == [1, 2]


PRIOR = {"lift_points": 9, "probability": 0.9, "uncertainty": 1}


@pytest.mark.parametrize("change", ["2 as level", "'male' as gender_code", "'IVR-04:9:1' as reason_ids"])
def test_a_version_whose_frozen_inputs_were_changed_is_not_passed_off_as_rebuilt(
    home: Home, bench: Workbench, change: str
) -> None:
    _strategies(home)
    put_world(home, bench, [Somebody("A", level=3), Somebody("B", level=2)])
    make_campaign(home, bench, MAY)
    where = all_of(equal("month", MAY), equal("version", 1))
    bench.view("mart_campaign_candidate", as_name="kept_file")
    files = bench.write("mart_campaign_candidate", f"select * replace ({change}) from kept_file")
    bench.lake.replace("mart_campaign_candidate", where, files)
    with pytest.raises(CampaignError, match="2026-05: version 1 cannot be rebuilt"):
        rebuild_campaign(home, bench, MAY, 1)


def test_a_list_that_was_approved_stands_until_it_is_recalled(home: Home, bench: Workbench) -> None:
    _strategies(home)
    put_world(home, bench, [Somebody("A", level=3)])
    made = make_campaign(home, bench, MAY)
    insert = (
        "insert into campaign_list (list_id, month, version, content_sha256, state_code, row_count, summary, "
        "needs_bias_reason, registered_at) values ('l', '2026-05', 1, :sha, 'approved', 1, '{}', false, now())"
    )
    with operations.transaction(home.database_url) as connection:
        connection.execute(text(insert), {"sha": made.content_sha256})
    put_world(home, bench, [Somebody("A", level=3), Somebody("B", level=4)])
    decided = make_campaign(home, bench, MAY)
    assert (decided.version, decided.is_in_force, decided.candidates) == (1, True, 1)
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("update campaign_list set state_code = 'refused', published_at = null"))
    assert make_campaign(home, bench, MAY).version == 2


def test_why_not_tells_every_gate_and_arm_in_both_languages(home: Home, bench: Workbench) -> None:
    _strategies(home, phone_callback={"city_capacity": {"default": 1}}, priority_access={"audience": "level > 4"})
    people = [
        Somebody("A", level=4),
        Somebody("D", level=3),
        Somebody("N", level=2, has_survey_consent=False, has_opted_out=True, other_ids=("N0",)),
        Somebody("E", level=1, hits=("CON-07",)),
    ]
    put_world(home, bench, people)
    make_campaign(home, bench, MAY)
    told = {name: "\n".join(why_not(home, bench, name, MAY)) for name in ("A", "D", "N0", "E", "Z")}
    assert "phone callback: on the list of Suzhou, rank 1, planned on" not in told["A"], (
        "the promised call took the seat"
    )
    assert "promised callback: they are owed it; on the list of Suzhou, rank 1, planned on 2026-06-01" in told["E"]
    assert "phone callback: possible, not chosen" in told["D"]
    assert "Customer N0 goes by N." in told["N0"]
    assert (
        "phone callback: no, because they gave no consent to contacts of this kind; they want no messages."
        in told["N0"]
    )
    assert "Customer Z is no candidate of 2026-05" in told["Z"]
    chinese = "\n".join(why_not(home, bench, "N", MAY, "zh"))
    assert "电话回访：未入选，原因：未同意接收此类联系；客户已退订。" in chinese
    with pytest.raises(CampaignError, match="2026-04 has no campaign list yet"):
        why_not(home, bench, "A", "2026-04")


def test_what_if_shows_who_comes_and_who_goes_and_writes_nothing(home: Home, bench: Workbench) -> None:
    _strategies(home, phone_callback={"city_capacity": {"default": 2}}, priority_access={"audience": "level > 4"})
    other = put_strategies(
        home.root / "other",
        ALL_IN | {
            "phone_callback": {"audience": "level <= 2", "hold_out_share": 0.0},
            "priority_access": {"audience": "level > 4", "hold_out_share": 0.0},
        },
        **NO_HOLD_OUT,
    )  # fmt: skip
    put_world(
        home, bench, [Somebody("A", level=4), Somebody("B", level=3), Somebody("C", level=2), Somebody("D", level=1)]
    )
    report = what_if(home, bench, MAY, other)
    assert [each.customer_id for each in report.goes] == ["A", "B"]
    assert [each.customer_id for each in report.comes] == ["C", "D"]
    assert (report.today.without_action, report.other.without_action) == (2, 2)
    again = what_if(home, bench, MAY, other)
    assert report.text() == again.text()
    assert report.text("zh") == again.text("zh")
    assert "  phone_callback: 2 -> 2 customers, 16 -> 16 yuan" in report.text()
    assert "  C (suzhou, level 2): nothing -> phone_callback" in report.text()
    assert versions_of(bench, MAY) == []


def test_a_month_that_is_not_closed_has_no_candidates(home: Home, bench: Workbench) -> None:
    with pytest.raises(CampaignError, match=r"2026-05 is not closed.*mend month 2026-05"):
        make_campaign(home, bench, MAY)


def test_a_month_without_candidates_has_an_empty_list(home: Home, bench: Workbench) -> None:
    _strategies(home)
    put_world(home, bench, [Somebody("A", level=0, hits=())])
    report = make_campaign(home, bench, MAY)
    assert (report.version, report.candidates, report.listed, report.benefit) == (1, 0, 0, 0)
    assert make_campaign(home, bench, MAY).is_new is False
