"""Small worlds for campaigns: a closed month in the lake, and what the contact rules know, from plain values."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text
from tests.mend.damage.closing.tables import indicators, put_table
from tests.mend.damage.scoring.rows import put

from mend.care.contact_rules.addresses import refresh_addresses
from mend.foundation import operations
from mend.foundation.home import Home
from mend.foundation.lake.filters import every_row
from mend.foundation.pipeline.workbench import Workbench
from mend.repair import strategies

MAY = "2026-05"
SHIPPED = Path(strategies.__file__).parent / "rules" / "1990-01-01.yaml"
LEVEL_SCORE = {0: 0, 1: 3, 2: 9, 3: 20, 4: 40}


@dataclass
class Somebody:
    """A customer of a world."""

    customer_id: str
    level: int = 2
    score: float | None = None
    city: str | None = "suzhou"
    hits: Sequence[str] = ("AGT-08",)
    has_left: bool = False
    is_in_consolidation: bool = False
    explicit_grade: int = 0
    is_escalated: bool = False
    value: str | None = "normal"
    has_open_complaint: bool = False
    has_survey_consent: bool | None = True
    has_marketing_consent: bool | None = True
    has_opted_out: bool = False
    messages: int = 0
    hang_up_score: int | None = None
    other_ids: Sequence[str] = ()
    brand: str | None = None
    touchpoints: Sequence[str] = ()
    month: dict[str, Any] = field(default_factory=dict)


def put_world(home: Home, bench: Workbench, people: Iterable[Somebody]) -> None:
    """Put a closed May of these people, in the order given."""
    people = list(people)
    indicators(bench)
    put_table(bench, "mart_damage_month", [_month(each) for each in people])
    put_table(bench, "mart_closed_month", [{"month": MAY, "inputs_digest": "test"}])
    entries = [_entry(each, hit) for each in people for hit in each.hits]
    bench.lake.replace("mart_damage_ledger", every_row(), [])
    if entries:
        put_table(bench, "mart_damage_ledger", entries)
    clusters = [
        {"month": MAY, "customer_id": each.customer_id, "value_code": each.value, "behaviour_code": "not_shown_yet",
         "cluster_code": "x"} for each in people if each.value
    ]  # fmt: skip
    if clusters:
        put_table(bench, "mart_customer_cluster", clusters)
    for table in ("core_customer", "core_ticket", "core_survey_reply", "core_customer_alias", "core_contact"):
        bench.lake.replace(table, every_row(), [])
    put(bench, "customer", [_snapshot(number, each) for number, each in enumerate(people)])
    _put(bench, "ticket", [_complaint(each) for each in people if each.has_open_complaint])
    _put(bench, "contact", [_contact(each, place) for each in people for place in range(len(each.touchpoints))])
    _put(bench, "survey_reply", [_reply(each) for each in people if each.hang_up_score is not None])
    aliases = [
        {"old_customer_id": other, "new_customer_id": each.customer_id, "merged_on": "2026-04-01"}
        for each in people for other in each.other_ids
    ]  # fmt: skip
    _put(bench, "customer_alias", aliases)
    _put_contact_rules(home, bench, people)


def _put(bench: Workbench, record: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        put(bench, record, rows)


def _month(each: Somebody) -> dict[str, Any]:
    score = LEVEL_SCORE[each.level] if each.score is None else each.score
    plain = {
        "month": MAY, "customer_id": each.customer_id, "score": str(score), "carry_over_points": "0",
        "damage_points": "0", "repair_points": "0", "peak_points": "5", "end_points": "1", "contact_count": "2",
        "incident_count": "1", "ivr_points": "0", "agent_points": "1", "segment_code": "agent",
        "level": str(each.level), "is_explicit": _word(each.explicit_grade > 0),
        "explicit_grade": str(each.explicit_grade), "is_escalated": _word(each.is_escalated),
        "is_in_consolidation": _word(each.is_in_consolidation), "lifecycle_stage_code": "stable",
        "city_code": each.city, "is_last_known": "false", "has_left": _word(each.has_left), "is_closed": "true",
    }  # fmt: skip
    return plain | each.month


def _word(value: bool) -> str:
    return str(value).lower()


def _entry(each: Somebody, hit: str) -> dict[str, Any]:
    return {
        "customer_id": each.customer_id, "posted_on": "2026-05-10", "posted_at": "2026-05-10 09:00:00+08",
        "entry_kind_code": "debit", "indicator_id": hit, "rule_version": "1990-01-01", "subject_kind_code": "contact",
        "subject_id": f"{each.customer_id}-{hit}", "points": "5",
    }  # fmt: skip


def _snapshot(number: int, each: Somebody) -> dict[str, Any]:
    consents = {"has_survey_consent": each.has_survey_consent, "has_marketing_consent": each.has_marketing_consent}
    return {
        "customer_id": each.customer_id, "month_on": "2026-05-01", "city_code": each.city,
        "phone_number": f"+8613{number:09}", "status_code": "left" if each.has_left else "active",
        "birth_year": "1990", "gender_code": "female", "brand_code": each.brand,
        **{name: None if value is None else _word(value) for name, value in consents.items()},
    }  # fmt: skip


def _complaint(each: Somebody) -> dict[str, Any]:
    return {
        "ticket_id": f"T{each.customer_id}", "customer_id": each.customer_id, "kind_code": "complaint",
        "opened_at": "2026-05-20 09:00:00+08",
    }  # fmt: skip


def _contact(each: Somebody, place: int) -> dict[str, Any]:
    return {
        "contact_id": f"C{each.customer_id}-{place}", "customer_id": each.customer_id,
        "started_at": f"2026-05-{place + 1:02} 09:00:00+08", "direction_code": "inbound",
        "touchpoint_code": each.touchpoints[place], "outcome": "self_served",
    }  # fmt: skip


def _reply(each: Somebody) -> dict[str, Any]:
    return {
        "survey_id": f"S{each.customer_id}", "customer_id": each.customer_id, "about_kind_code": "contact",
        "about_id": "c", "purpose_code": "hang_up", "sent_at": "2026-05-11 09:00:00+08",
        "replied_at": "2026-05-11 10:00:00+08", "score": str(each.hang_up_score), "score_scale": "10",
    }  # fmt: skip


def _put_contact_rules(home: Home, bench: Workbench, people: Sequence[Somebody]) -> None:
    with operations.transaction(home.database_url) as connection:
        connection.execute(text("truncate contact_address, customer_opt_out, contact_reservation, customer_person"))
    refresh_addresses(home, bench)
    with operations.transaction(home.database_url) as connection:
        for each in people:
            if each.has_opted_out:
                connection.execute(
                    text("insert into customer_opt_out values (:id, '+8613', '2026-05-01', 'agent')"),
                    {"id": each.customer_id},
                )
            for number in range(each.messages):
                connection.execute(
                    text(
                        "insert into contact_reservation values (:key, :id, :key, 'service', false, "
                        "'2026-05-30 10:00+08', 'before')"
                    ),
                    {"key": f"m{number} {each.customer_id}", "id": each.customer_id},
                )


def put_strategies(folder: Path, changes: Mapping[str, Mapping[str, Any]], **settings: Any) -> Path:
    """The shipped strategies, some of their keys changed, as a file of a folder."""
    content = yaml.safe_load(SHIPPED.read_text("utf-8"))
    content["settings"] |= settings
    for code, words in changes.items():
        content["strategies"][code] |= words
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1990-01-01.yaml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def rows(bench: Workbench, table: str, *columns: str, version: int | None = None) -> list[tuple[Any, ...]]:
    """Rows of May's newest version (or another), in order."""
    bench.view(table, as_name="rows_file")
    named = ", ".join(columns)
    newest = "(select max(version) from rows_file)" if version is None else str(version)
    return bench.sql(f"select {named} from rows_file where month = '{MAY}' and version = {newest} order by all")


def random_world(seed: int, count: int) -> list[Somebody]:
    """People with everything that keeps somebody back, or not."""
    draw = random.Random(seed)
    hits = ("AGT-01", "AGT-03", "AGT-08", "CON-02", "CON-07", "RES-01", "RES-03", "IVR-04")
    people = []
    for number in range(count):
        level = draw.choice((1, 1, 2, 2, 3, 4))
        people.append(
            Somebody(
                customer_id=f"K{number:03}",
                level=level,
                score=LEVEL_SCORE[level] + draw.randrange(3) / 2,
                city=draw.choice(("suzhou", "wuxi", None)),
                hits=draw.sample(hits, draw.randrange(4)),
                has_left=draw.random() < 0.1,
                is_in_consolidation=draw.random() < 0.2,
                explicit_grade=draw.choice((0, 0, 1, 2)),
                is_escalated=draw.random() < 0.1,
                value=draw.choice(("high", "normal", "low", None)),
                has_open_complaint=draw.random() < 0.2,
                has_survey_consent=draw.choice((True, True, True, False, None)),
                has_marketing_consent=draw.choice((True, True, False, None)),
                has_opted_out=draw.random() < 0.15,
                messages=draw.choice((0, 0, 0, 1, 2, 3)),
                hang_up_score=draw.choice((None, None, 3, 9)),
                other_ids=(f"O{number:03}",) if draw.random() < 0.1 else (),
            )
        )
    return people
