"""The month's agreement: from contacts with codes and notes to the command that shows it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conftest import Template, fresh_home
from tests.mend.grumbles.warning.tables import grumble, put, rows

from mend.cli.main import parser
from mend.foundation.home import Home
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.recording.step import measure_agreement
from mend.grumbles.records.keywords import KeywordReader
from mend.grumbles.records.texts import NOT_A_GRUMBLE, Reading

NOTES = {
    "tariff_billing.bill_unclear": "客户说账单看不懂，费用构成不清",
    "marketing.misleading": "客户反映虚假宣传，与宣传不符",
}


@pytest.fixture(scope="module")
def opened(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Workbench]]:
    with fresh_home(template, tmp_path_factory.mktemp("recording")) as home, Workbench.open(home) as bench:
        yield home, bench


def _world(bench: Workbench) -> None:
    """The north codes what the notes say; the south takes every second bill for marketing, and records half as many of
    the like calls."""
    contacts, grumbles = [], []
    for center, agents in (("north", 8), ("south", 8)):
        for number in range(agents * 60):
            name, agent = f"{center}{number}", f"{center}-{number % agents}"
            meant = list(NOTES)[number // agents % 2]
            is_grumble = number // agents % (4 if center == "south" else 2) < 2 and number // agents < 40
            taken = "marketing.misleading" if center == "south" and number // agents % 4 == 0 else meant
            contacts.append({
                "contact_id": name, "customer_id": name, "started_at": "2026-05-10 10:00:00+08:00",
                "started_on": "2026-05-10", "direction_code": "inbound", "topic_code": "bill_dispute",
                "center_code": center, "agent_id": agent, "touchpoint_code": "hotline_agent", "outcome": "answered",
                **({"grumble_type_code": taken, "note_text": NOTES[meant]} if is_grumble else {}),
            })  # fmt: skip
            if is_grumble:
                grumbles.append(grumble(name, name, "2026-05-10 10:00", taken))
    put(bench, "core_contact", contacts)
    put(bench, "mart_grumble", grumbles)


def test_a_centre_that_takes_one_type_for_another_is_found(
    opened: tuple[Home, Workbench], capsys: pytest.CaptureFixture[str]
) -> None:
    home, bench = opened
    _world(bench)
    report = measure_agreement(home, bench, "2026-05")
    assert (report.notes, report.unread, report.calls) == (480, 0, 960)
    found = rows(
        bench, "mart_recording_agreement", "comparison_code, center_code, verdict_code", "all", "agent_id is null"
    )
    assert [row for row in found if row[0] in ("note_area", "recorded_rate", "ticket_area")] == [
        ("note_area", "all", "unclear"),
        ("note_area", "north", "agrees"),
        ("note_area", "south", "differs"),
        ("recorded_rate", "north", "differs"),
        ("recorded_rate", "south", "differs"),
    ]
    arguments = parser().parse_args(["recording", "--month", "2026-05"])
    arguments.command(arguments, home)
    shown = capsys.readouterr().out
    assert "area of the agent's code against the area that the classifier reads" in shown
    assert "south-0" not in shown  # agents are shown where they are asked for


def test_a_note_without_displeasure_that_was_coded_as_a_grumble_is_a_disagreement(
    opened: tuple[Home, Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, bench = opened
    _world(bench)
    report = measure_agreement(home, bench, "2026-05")
    columns, where = "pair_count, agreed_share, estimate", "comparison_code = 'note_point' and center_code = 'north'"
    ((pairs, agreed, kappa),) = rows(bench, "mart_recording_agreement", columns, "1", where)
    assert agreed == 1
    read = KeywordReader.read

    def without_bills(self: KeywordReader, notes: list[str], least: float) -> list[Reading]:
        return [
            Reading(NOT_A_GRUMBLE, 1.0) if note == NOTES["tariff_billing.bill_unclear"] else reading
            for note, reading in zip(notes, read(self, notes, least), strict=True)
        ]

    monkeypatch.setattr(KeywordReader, "read", without_bills)
    again = measure_agreement(home, bench, "2026-05")
    ((same, less, lower),) = rows(bench, "mart_recording_agreement", columns, "1", where)
    assert (again.notes, again.unread, same) == (report.notes, 0, pairs)
    assert less == pytest.approx(0.5)
    assert lower < kappa


def test_a_month_without_coded_notes_has_no_rows_and_the_command_says_so(
    opened: tuple[Home, Workbench], capsys: pytest.CaptureFixture[str]
) -> None:
    home, bench = opened
    assert measure_agreement(home, bench, "2026-03").verdicts == {}
    arguments = parser().parse_args(["recording", "--month", "2026-03"])
    arguments.command(arguments, home)
    assert capsys.readouterr().out.startswith("2026-03: nothing is compared")


def test_the_card_is_shown_and_written(opened: tuple[Home, Workbench], capsys: pytest.CaptureFixture[str]) -> None:
    home, _ = opened
    for words, said in (
        (["--lang", "zh"], "1. 有疑有怨，必记一单"),
        (["--html", str(home.root / "card.html")], "card.html: 6 rules"),
    ):
        arguments = parser().parse_args(["recording-card", *words])
        arguments.command(arguments, home)
        assert said in capsys.readouterr().out
    assert (home.root / "card.html").read_text("utf-8").startswith("<!doctype html>")
