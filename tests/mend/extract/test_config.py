"""A wrong configuration is refused with its file, the key and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.mend.extract.desk import SOURCE

from mend.extract import load_source, read_source, source_files
from mend.extract.errors import ConfigError
from mend.home import Home

CONTACT = ("records", "contact")


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("zone",), "Mars/Base", "zone: not a time zone"),
        (("zoom",), 1, "zoom: zoom (is zone meant?) is no key here; known are source, en, zh, zone"),
        (("records", "calls"), {}, "records.calls"),
        ((*CONTACT, "columns", "colour"), "c", "the contract has no colour"),
        ((*CONTACT, "columns", "outcome"), {"from": "o", "constant": "answered"}, "exactly one of from, constant"),
        ((*CONTACT, "columns", "outcome"), {"constant": "lost"}, "lost is none of answered"),
        ((*CONTACT, "columns", "outcome"), {"from": "o", "codes": {"X": "lost"}}, "lost is none of answered"),
        ((*CONTACT, "columns", "outcome"), {"from": "o", "codes": {False: "refused"}}, "in quotes"),
        ((*CONTACT, "columns", "outcome"), {"from": "o", "unknown": "keep"}, "unknown codes cannot be kept"),
        ((*CONTACT, "columns", "started_at"), {"from": "s", "formats": "dd/mm"}, "not a pattern of dates"),
        ((*CONTACT, "columns", "started_at"), {"from": "s", "formats": "%Q"}, "not a pattern of dates"),
        ((*CONTACT, "reader"), {"encoding": "auto"}, "state the encoding"),
        ((*CONTACT, "reader"), {"encoding": "klingon"}, "not an encoding"),
        ((*CONTACT, "reader"), {"delimiter": "||"}, "one character each"),
        ((*CONTACT, "reader"), {"header": False}, "needs names"),
        ((*CONTACT, "reader"), {"format": "database"}, "needs query, or table"),
        ((*CONTACT, "reader"), {"format": "pdf"}, "'delimited', 'json_lines'"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, place: tuple[str, ...], value: Any, words: str) -> None:
    described = yaml.safe_load(SOURCE)
    inner = described
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    path = tmp_path / "centre.yaml"
    path.write_text(yaml.safe_dump(described), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_source(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


def test_a_required_column_that_nothing_maps_is_named(tmp_path: Path) -> None:
    described = yaml.safe_load(SOURCE)
    del described["records"]["contact"]["columns"]["outcome"]
    path = tmp_path / "centre.yaml"
    path.write_text(yaml.safe_dump(described), "utf-8")
    with pytest.raises(ConfigError, match=r"contact\.columns: the contract requires outcome"):
        read_source(path)


def test_every_shipped_source_is_sound(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert {"simulator", "anonymous_bank", "uci498", "comcast"} <= set(source_files(home))
    for name in source_files(home):
        assert load_source(home, name).source == name


def test_a_user_s_own_sources_come_first_from_the_home_and_from_stated_folders(tmp_path: Path) -> None:
    for folder in ("own", "home/sources"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "own" / "centre.yaml").write_text(SOURCE, "utf-8")
    (tmp_path / "home" / "sources" / "other.yaml").write_text(SOURCE, "utf-8")
    home = Home.at(tmp_path / "home", {"MEND_SOURCES": str(tmp_path / "own")})
    assert load_source(home, "centre").en == "Test centre"
    with pytest.raises(ConfigError, match="source: is 'centre', but the file is named 'other'"):
        load_source(home, "other")
    with pytest.raises(ConfigError, match="no source 'nowhere'; there are anonymous_bank"):
        load_source(home, "nowhere")
