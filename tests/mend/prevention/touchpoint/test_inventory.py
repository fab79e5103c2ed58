"""The inventory as a dated file: what is shipped can be acted on; a broken one is refused with its place and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mend.prevention.touchpoint.errors import InventoryError
from mend.prevention.touchpoint.inventory import average_ratings, inventory_on, load_inventories, parse_inventory

TEXT = """
valid_from: 2026-02-01
source: a test
owners:
  lin: {en: Lin, zh: 林}
touchpoints:
  queue:
    name_en: queue
    name_zh: 排队
    stage_code: use
    purpose_en: brings callers to agents
    purpose_zh: 接入人工
    role_en: time that we spend
    role_zh: 占用时间
    owner_id: lin
    department_code: service
    operating:
      - {record: contact, where: queue_seconds is not null, succeeded: is_answered, worst: 0.5, best: 0.9}
    ratings:
      - {rater_id: a, kind_code: owner, rated_on: 2026-01-01, operating: 4, importance: 9}
      - {rater_id: b, kind_code: owner, rated_on: 2026-01-01, operating: 8}
      - {rater_id: c, kind_code: panel, rated_on: 2026-01-05, operating: 3}
      - {rater_id: a, kind_code: owner, rated_on: 2026-01-20, operating: 6}
"""


def test_what_is_shipped_covers_all_stages_and_every_touchpoint_has_an_owner_and_an_importance(tmp_path: Path) -> None:
    shipped = load_inventories(tmp_path)[0]
    assert {each.stage_code for each in shipped.touchpoints} == {
        "attract", "consider", "buy", "use", "buy_again", "recommend",
    }  # fmt: skip
    on = dt.date(2026, 1, 1)
    for each in shipped.touchpoints:
        assert average_ratings(each, "importance", on).mean
        assert average_ratings(each, "impact", on).mean
        assert average_ratings(each, "operating", on).rater_count == 0  # nobody has rated it: none is made up
    measured = [
        each for each in shipped.touchpoints if {m.aspect_code for m in each.measures} == {"operating", "experience"}
    ]
    assert len(measured) >= 15


def test_of_each_rater_the_latest_rating_up_to_the_day_counts() -> None:
    queue = parse_inventory("2026-02-01.yaml", TEXT).touchpoints[0]
    found = average_ratings(queue, "operating", dt.date(2026, 1, 31))
    assert found.mean == pytest.approx(17 / 3)
    assert (found.rater_count, found.panel_count) == (3, 1)
    assert (found.owner_mean, found.panel_mean) == (7.0, 3.0)
    assert found.spread == pytest.approx(2.5166, abs=1e-4)
    assert average_ratings(queue, "operating", dt.date(2026, 1, 3)).mean == 6.0
    alone = average_ratings(queue, "importance", dt.date(2026, 1, 31))
    assert (alone.mean, alone.spread, alone.rater_count) == (9.0, None, 1)
    assert average_ratings(queue, "impact", dt.date(2026, 1, 31)).mean is None


BROKEN = {
    "a column that is not there": ("where: queue_seconds is not null", "where: colour = 1", "unknown column colour"),
    "a personal column": ("where: queue_seconds is not null", "where: note_text is null", "unknown column note_text"),
    "a comparison that is never true": (
        "where: queue_seconds is not null", "where: outcome = 'gone'", "outcome: it is never gone",
    ),
    "SQL": ("where: queue_seconds is not null", "where: queue_seconds > (select 1)", "not allowed in a condition"),
    "no room between worst and best": ("worst: 0.5, best: 0.9", "worst: 0.9, best: 0.9", "worst and best are both 0.9"),
    "a share over one": ("worst: 0.5, best: 0.9", "worst: 0.5, best: 90", "worst and best are shares here"),
    "neither share nor mean": ("succeeded: is_answered, ", "", "write either succeeded"),
    "a mean of a text": ("succeeded: is_answered", "mean: topic_code", "no number topic_code in contact"),
    "an owner of nobody": ("owner_id: lin", "owner_id: wu", "owner_id: wu is not among owners: lin"),
    "a department that is none": ("department_code: service", "department_code: sales", "no department sales"),
    "a score of 11": ("rated_on: 2026-01-01, operating: 8", "rated_on: 2026-01-01, operating: 11", "or equal to 10"),
    "a rating twice": ("rater_id: b", "rater_id: a", "a rates twice on 2026-01-01"),
    "a stage that is none": ("stage_code: use", "stage_code: using", "no stage using; write one of attract, "),
    "a key that is not there": ("name_en: queue", "name: queue\n    name_en: queue", "name"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_names_the_place_and_what_to_write(name: str) -> None:
    old, new, words = BROKEN[name]
    assert old in TEXT
    with pytest.raises(InventoryError, match=words) as raised:
        parse_inventory("2026-02-01.yaml", TEXT.replace(old, new))
    assert "2026-02-01.yaml: " in str(raised.value)
    assert "queue" in str(raised.value)


def test_a_month_takes_the_file_in_force_and_none_before_the_first(tmp_path: Path) -> None:
    (tmp_path / "2026-02-01.yaml").write_text(TEXT, "utf-8")
    known = load_inventories(tmp_path)
    assert len(inventory_on(dt.date(2026, 1, 31), known).touchpoints) > 20
    assert [each.code for each in inventory_on(dt.date(2026, 2, 28), known).touchpoints] == ["queue"]
    with pytest.raises(InventoryError, match="no touchpoints are in force"):
        inventory_on(dt.date(1980, 1, 1), known)
