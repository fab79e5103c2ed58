"""A broken file of strategies is refused whole: with file, strategy, reason and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.mend.repair.strategies.files import Content, changed, of, patch, write

from mend.errors import BadConfigurationError
from mend.foundation.yaml_text import read_yaml
from mend.repair.strategies import StrategyError, load_strategies, parse_strategies

MISTAKES = read_yaml((Path(__file__).parent / "broken.yaml").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=[each["what"] for each in MISTAKES])
def test_a_broken_file_is_refused_with_file_strategy_reason_and_what_to_do(
    tmp_path: Path, mistake: dict[str, Any]
) -> None:
    folder = write(tmp_path / "strategies", patch(mistake["change"]))
    with pytest.raises(StrategyError, match=r"strategies/2026-06-01\.yaml: .*?(" + mistake["says"] + ")"):
        load_strategies(folder)


def test_more_strategies_than_the_ledger_has_bits_are_refused() -> None:
    def many(content: Content) -> None:
        content["strategies"] = {f"s{number}": content["strategies"]["phone_callback"] for number in range(61)}

    with pytest.raises(StrategyError, match="strategies: holds 61; write 1 to 60"):
        parse_strategies(changed(many))


@pytest.mark.parametrize("code", ["all", "universal"])
def test_a_code_that_stands_for_the_whole_programme_is_refused(tmp_path: Path, code: str) -> None:
    """`all` is a row of its own in mart_effect, and `universal` a draw of its own: a strategy would share them."""

    def taken(content: Content) -> None:
        content["strategies"][code] = content["strategies"].pop("rebate")

    with pytest.raises(StrategyError, match=rf"2026-06-01\.yaml: strategies: {code}: .*give the strategy another code"):
        load_strategies(write(tmp_path / "s", taken))


TEXTS: list[tuple[str, bytes, str]] = [
    ("no YAML", b"strategies: [", "not YAML"),
    ("a tab", b"settings:\n\tseed: x", "not YAML: .*; line 2 begins with a tab: indent with spaces"),
    ("nothing", b"", "the file: should be a mapping"),
    ("a list", b"- rebate", "the file: should be a mapping"),
    ("a text", b"strategies", "the file: should be a mapping"),
    ("GBK", "source: 策略".encode("gbk"), r"not UTF-8 at byte 9; save it as UTF-8"),
    ("UTF-16", "source: x".encode("utf-16"), "not UTF-8 at byte 1"),
    (
        "a code twice",
        changed().encode() + b"\n  rebate: {}\n",
        "not YAML: the key rebate stands twice; keep one of them",
    ),
    ("a key twice", b"valid_from: 2026-06-01\nvalid_from: 2026-06-01", "the key valid_from stands twice"),
    ("an object", b"source: !!python/object/apply:os.getcwd []", "not YAML"),
    ("a NUL", b"source: a\x00b", "not YAML"),
    ("brackets without end", b"[" * 5000, "not YAML"),
    ("itself", b"strategies: &a {rebate: *a}", "valid_from: is missing"),
]


@pytest.mark.parametrize(("what", "content", "message"), TEXTS, ids=[each[0] for each in TEXTS])
def test_a_file_that_is_no_yaml_of_ours_is_refused_by_name(
    tmp_path: Path, what: str, content: bytes, message: str
) -> None:
    (tmp_path / "2026-06-01.yaml").write_bytes(content)
    with pytest.raises(StrategyError, match=r"2026-06-01\.yaml: .*?" + message):
        load_strategies(tmp_path)


def test_a_folder_of_a_file_s_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026-06-01.yaml").mkdir()
    with pytest.raises(StrategyError, match="not a plain file"):
        load_strategies(tmp_path)


def test_a_file_whose_name_is_no_day_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(changed(), "utf-8")
    with pytest.raises(StrategyError, match=r"mine\.yaml: valid_from is 2026-06-01, the file's name says mine"):
        load_strategies(tmp_path)


def test_an_error_is_one_of_bad_configuration_and_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadConfigurationError) as caught:
        load_strategies(write(tmp_path / "s", of("rebate", cost="x" * 1000)))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_pinned_text_that_was_damaged_is_refused() -> None:
    with pytest.raises(StrategyError, match="pinned strategies: "):
        parse_strategies(load_strategies()[0].text[:500])


def test_what_windows_editors_add_is_no_mistake(tmp_path: Path) -> None:
    text = changed().replace("\n", "\r\n")
    (tmp_path / "2026-06-01.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_strategies(tmp_path)[-1].digest == parse_strategies(changed()).digest


def test_a_shipped_file_changed_in_nothing_is_taken() -> None:
    def nothing(content: Content) -> None:
        """The file as it is."""

    assert len(parse_strategies(changed(nothing)).strategies) == len(load_strategies()[0].strategies)
