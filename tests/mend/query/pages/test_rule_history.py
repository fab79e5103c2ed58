"""Rules in words: versions with their dates, what each changed, and a file that cannot be read."""

from __future__ import annotations

from pathlib import Path

from mend.query.pages.rule_history import MEND, Change, read_histories

SHIPPED = MEND / "damage" / "scoring" / "rules" / "1990-01-01.yaml"


def own(home: Path, day: str, content: str) -> None:
    folder = home / "rules"
    folder.mkdir(exist_ok=True)
    (folder / f"{day}.yaml").write_text(content, "utf-8")


def test_a_version_of_the_home_says_what_it_changes_and_from_when(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8").replace("valid_from: 1990-01-01", "valid_from: 2026-03-01")
    text = text.replace("CON-01: {record: contact, stage: connection, points: 3,",
                        "CON-01: {record: contact, stage: connection, points: 4,")  # fmt: skip
    own(tmp_path, "2026-03-01", text.replace("  dropped: [AGT-03, AGT-01, AGT-02]\n", ""))
    history = read_histories(tmp_path)[0]
    assert [(each.valid_from, each.is_own) for each in history.versions] == [
        ("2026-03-01", True),
        ("1990-01-01", False),
    ]
    assert history.versions[0].changes == (
        Change("families · dropped", "AGT-03, AGT-01, AGT-02", None),
        Change("indicators · CON-01 · points", "3", "4"),
    )
    before, after = history.in_force("2026-02-28"), history.in_force("2026-03-01")
    assert before is not None
    assert after is not None
    points = [
        next(each.figures["points"] for each in version.entries if each.code == "CON-01") for version in (before, after)
    ]
    assert points == [3, 4]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(tmp_path: Path) -> None:
    own(tmp_path, "2026-03-01", "valid_from: [")
    own(tmp_path, "2026-04-01", "- 1")
    own(tmp_path, "2026-05-01", "indicators: {A: 1}")
    history = read_histories(tmp_path)[0]
    assert [each.problem for each in history.versions] == ["2026-05-01.yaml", "2026-04-01.yaml", "2026-03-01.yaml", ""]
    found = history.in_force("2026-06-01")
    assert found is not None
    assert found.valid_from == "1990-01-01"


def test_every_kind_of_rules_that_is_shipped_has_entries_in_both_languages() -> None:
    histories = read_histories(Path("/nowhere"))
    assert [history.code for history in histories] == ["scoring", "warning", "strategies", "contact"]
    for history in histories:
        entries = history.versions[0].entries
        assert entries
        assert all(each.en and each.zh for each in entries if each.section not in ("contact", "triggers"))
