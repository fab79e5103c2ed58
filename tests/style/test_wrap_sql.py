"""Long lines of SQL are broken where the fewest brackets are open, and nothing but white space changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.wrap_sql import bare, main, reflowed, wrapped

LONG = "a_column_with_a_long_name"


def test_a_line_that_fits_stays() -> None:
    assert wrapped("    select a, b from c") == ["    select a, b from c"]


def test_a_condition_is_broken_before_and() -> None:
    first, second = f"    where {LONG} = 'one' and {LONG} between 1 and 200", f"{LONG} in ({LONG}, {LONG}, 'two')"
    assert wrapped(f"{first} and {second}") == [first, f"        and {second}"]


def test_a_list_is_broken_after_a_comma_and_stays_in_its_column() -> None:
    names = [f"{LONG}_{number}" for number in range(6)]
    lines = wrapped("        " + ", ".join(names) + ",")
    assert [line[:8] for line in lines] == ["        "] * 2
    assert all(len(line) <= 120 for line in lines)


def test_what_stands_between_quotes_is_never_broken() -> None:
    line = f"    select '{'word and ' * 20}' as text"
    assert bare("\n".join(wrapped(line))) == bare(line)
    assert f"'{'word and ' * 20}'" in "\n".join(wrapped(line))


def test_a_header_keeps_its_line_and_a_comment_is_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    header = "-- inputs: " + ", ".join(f"table_{number}" for number in range(20))
    path.write_text(f"{header}\n-- {'word ' * 40}\nselect * from final\n", "utf-8")
    assert main([str(path)]) == 0
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == header
    assert [line[:8] for line in lines[1:3]] == ["-- word ", "-- word "]


@pytest.mark.parametrize("text", ["select a -- note\nfrom b", "select '-- no note' from b"])
def test_comments_do_not_count_and_quotes_do(text: str) -> None:
    assert bare(text) in {"selectafromb", "select'--nonote'fromb"}


def test_what_is_too_much_in_a_comment_goes_to_its_next_line() -> None:
    long = ("word " * 25).strip()
    assert reflowed([f"-- {long}", "-- and more", "select 1"]) == [
        f"-- {('word ' * 23).strip()}",
        "-- word word and more",
        "select 1",
    ]
