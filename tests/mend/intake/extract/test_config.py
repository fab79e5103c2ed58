"""A wrong configuration is refused with its file, the key and what is wrong with it."""

from __future__ import annotations

import gc
import os
import weakref
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.mend.intake.extract.desk import SOURCE

from mend.foundation.home import Home
from mend.intake.extract import load_source, read_source, source_files
from mend.intake.extract.errors import ConfigError

CONTACT = ("records", "contact")
COLUMNS = (*CONTACT, "columns")


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
        # Every problem names its key with record and column, the value, and what to do.
        (
            ("records", "contakt"),
            {},
            "records.contakt: contakt (is contact meant?) is no record of the contract; those are customer",
        ),
        (
            (*CONTACT, "colums"),
            {},
            "records.contact.colums: colums (is columns meant?) is no key here; known are path, optional",
        ),
        ((*CONTACT, "reader"), {"delimeter": ";"}, "reader.delimeter: delimeter (is delimiter meant?) is no key here"),
        ((*COLUMNS, "outcom"), "o", "records.contact.columns: the contract has no outcom (is outcome meant?)"),
        ((*COLUMNS, "outcome"), {"form": "o"}, "columns.outcome.form: form (is from meant?) is no key here"),
        (
            (*COLUMNS, "outcome"),
            {"from": [{"colum": "o"}]},
            "columns.outcome.from.0.colum: colum (is column meant?) is no key here",
        ),
        (
            (*COLUMNS, "outcome"),
            {"from": [{"default": "o"}]},
            "columns.outcome.from.0.column: the key is missing; add it",
        ),
        (
            (*COLUMNS, "outcome"),
            {"from": "o", "unknown": "rejct"},
            "outcome.unknown: 'rejct' is none of 'reject', 'null' or 'keep'; say one",
        ),
        (
            (*COLUMNS, "outcome"),
            {"from": "o", "null_values": "x"},
            "null_values: it must be a list, as in [a, b] (it is 'x')",
        ),
        ((*COLUMNS, "outcome"), {"from": "o", "round": "often"}, "round: it must be true or false (it is 'often')"),
        (
            (*COLUMNS, "outcome"),
            {"constant": "answred"},
            "outcome.constant: answred (is answered meant?) is none of answered",
        ),
        ((*COLUMNS, "outcome"), {"from": "o", "codes": {"X": "lost"}}, "records.contact.columns.outcome.codes.X: lost"),
        ((*COLUMNS, "outcome"), {"from": "o", "default": "lost"}, "records.contact.columns.outcome.default: lost"),
        (
            (*COLUMNS, "outcome"),
            {"constant": "refused", "default": "answered"},
            "outcome.default: a constant is never empty",
        ),
        (
            (*COLUMNS, "outcome"),
            {"when": [{"column": "o", "in": ["x"]}]},
            "outcome.when: it gives yes or no, and outcome is a string",
        ),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "default": "none"},
            "talk_seconds.default: none is no integer, as talk_seconds is",
        ),
        ((*COLUMNS, "talk_seconds"), {"from": "t", "default": True}, "talk_seconds.default: true is no integer"),
        ((*COLUMNS, "talk_seconds"), {"from": "t", "default": 1.5}, "talk_seconds.default: 1.5 is no integer"),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "default": -1},
            "talk_seconds.default: -1 is under 0, the least that",
        ),
        ((*COLUMNS, "talk_seconds"), {"from": "t", "codes": {"x": "y"}}, "talk_seconds.codes.x: y is no integer"),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "formats": "%H:%M:%S"},
            "talk_seconds.formats: %H:%M:%S is a point in time",
        ),
        ((*COLUMNS, "talk_seconds"), {"from": "t", "formats": ["MM:SS", "HH:MM"]}, "05:30 fits both MM:SS and HH:MM"),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "zone": "UTC"},
            "talk_seconds.zone: UTC says nothing about talk_seconds",
        ),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "ambiguous": "later"},
            "talk_seconds.ambiguous: later says nothing about talk_seconds",
        ),
        (
            (*COLUMNS, "talk_seconds"),
            {"from": "t", "take": "sum"},
            "talk_seconds.take: sum needs a group of rows to take from",
        ),
        (
            (*COLUMNS, "talk_seconds"),
            {"seconds_between": ["a"]},
            "columns.talk_seconds.seconds_between.1: the key is missing",
        ),
        ((*COLUMNS, "started_at"), {"from": "s", "default": "noon"}, "started_at.default: noon is no timestamp"),
        ((*COLUMNS, "started_at"), {"from": "s", "formats": "epoch"}, "nor one of epoch_seconds, epoch_milliseconds"),
        (
            (*COLUMNS, "started_at"),
            {"from": "s", "formats": "HH:MM:SS"},
            "started_at.formats: HH:MM:SS is a length of time",
        ),
        (
            (*COLUMNS, "started_at"),
            {"seconds_between": ["a", "b"]},
            "started_at.seconds_between: started_at is a timestamp",
        ),
        ((*COLUMNS, "started_at"), {"from": "s", "round": True}, "started_at.round: started_at is no number"),
        (
            (*COLUMNS, "topic_code"),
            {"from": "t", "formats": "%Y"},
            "topic_code.formats: topic_code is neither a time nor",
        ),
        (
            (*COLUMNS, "topic_code"),
            {"from": "t", "default": False},
            "topic_code.default: false is yes or no, and topic_code is a text",
        ),
        ((*COLUMNS, "is_refused"), {"from": "t", "default": "perhaps"}, "is_refused.default: perhaps is no boolean"),
        (
            (*COLUMNS, "is_refused"),
            {"when": [{"column": "o"}]},
            "give exactly one of in: [...], above: number, is: null",
        ),
        (
            (*COLUMNS, "is_refused"),
            {"when": [{"column": "o", "is": "empty"}]},
            "when.0.is: 'empty' is none of 'null' or 'not null'",
        ),
        (
            (*COLUMNS, "is_refused"),
            {"when": [{"column": "o", "above": 1, "is": None}]},
            "give exactly one of in: [...], above",
        ),
        (
            (*CONTACT, "version"),
            {"from": "v", "formats": "MM:SS"},
            "records.contact.version.formats: MM:SS is a length of time",
        ),
        (
            (*CONTACT, "group"),
            {"by": "customer_id", "order": "line"},
            "group.by: customer_id lacks contact_id, which the key",
        ),
        ((*CONTACT, "group"), {"by": "contact_id"}, "records.contact.group.order: the key is missing; add it"),
        ((*CONTACT, "group"), {"by": [], "order": "line"}, "records.contact.group.by: "),
        (
            (*CONTACT, "group"),
            {"by": "contact_id", "order": [{"column": "n", "as": "time", "format": "x"}]},
            "format (is formats meant?)",
        ),
        (
            (*CONTACT, "group"),
            {"by": "contact_id", "order": [{"column": "n", "as": "text", "formats": "%Y"}]},
            "formats go with as: time",
        ),
        (
            (*CONTACT, "expand"),
            {"count": "n"},
            "records.contact.expand: the copies of a row would have one key; join the copy's number",
        ),
        ((*CONTACT, "expand"), {"count": "n", "limit": 10**7}, "records.contact.expand.limit: "),
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


def test_every_problem_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    described = yaml.safe_load(SOURCE)
    described["records"]["contact"]["columns"] |= {
        "outcome": {"constant": "lost"},
        "talk_seconds": {"from": "t", "default": "x"},
    }
    path = tmp_path / "centre.yaml"
    path.write_text(yaml.safe_dump(described), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_source(path)
    assert [part.split(": ")[0] for part in str(caught.value).removeprefix(f"{path}: ").split("; records.")] == [
        "records.contact.columns.outcome.constant",
        "contact.columns.talk_seconds.default",
    ]


def test_takes_fit_their_columns(tmp_path: Path) -> None:
    described = yaml.safe_load(SOURCE)
    contact = described["records"]["contact"]
    contact["group"] = {"by": "contact_id", "order": "line"}
    contact["columns"] |= {
        "started_at": {"from": "started_at", "take": "min"},
        "note_text": {"from": "note_text", "take": "any"},
        "is_refused": {"from": "r", "take": "sum"},
        "topic_code": {"from": "t", "take": "count"},
    }
    path = tmp_path / "centre.yaml"
    path.write_text(yaml.safe_dump(described), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_source(path)
    for words in (
        "note_text.take: any is for yes or no, and note_text is a string; say first, last, min or max",
        "is_refused.take: sum is for numbers, and is_refused is a boolean",
        "topic_code.take: count is for whole numbers, and topic_code is a string",
    ):
        assert words in str(caught.value)
    assert "started_at" not in str(caught.value)
    contact["expand"] = {"count": "n"}
    path.write_text(yaml.safe_dump(described), "utf-8")
    with pytest.raises(ConfigError, match="group and expand exclude each other; keep one"):
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


def test_a_source_s_file_that_is_none_holds_nothing_up_and_is_not_quoted(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:secret:1\nann:secret:2\n", "utf-8")
    (tmp_path / "linked.yaml").symlink_to(secret)
    with pytest.raises(ConfigError, match=r"linked\.yaml: file: it must be keys with values below it$") as caught:
        read_source(tmp_path / "linked.yaml")
    assert "secret" not in str(caught.value)
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ConfigError, match=r"pipe\.yaml: not a plain file"):
        read_source(tmp_path / "pipe.yaml")
    (tmp_path / "open.yaml").write_text("source: z\n  bad: [\n", "utf-8")
    with pytest.raises(ConfigError, match=r"open\.yaml: not YAML: .* line 2, column 6$"):
        read_source(tmp_path / "open.yaml")


def test_an_error_of_a_source_keeps_no_frame_alive(tmp_path: Path) -> None:
    """Else the databases that its callers hold open are still open when the process ends, and their driver says so
    below the message.
    """
    path = tmp_path / "centre.yaml"
    path.write_text(SOURCE.replace("Asia/Shanghai", "Mars"), "utf-8")

    class Held:
        pass

    def load() -> tuple[ConfigError, weakref.ref[Held]]:
        held = Held()
        with pytest.raises(ConfigError, match="not a time zone") as caught:
            read_source(path)
        return caught.value.with_traceback(None), weakref.ref(held)

    error, held = load()
    gc.collect()
    assert error.__context__ is None
    assert held() is None
