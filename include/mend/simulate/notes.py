"""What agents write down: phrases per grumble point with slots to fill, put into DuckDB as lists and macros."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb

from mend.foundation.yaml_text import read_yaml
from mend.simulate.tables import spread

NOTES: Final[dict[str, Any]] = read_yaml((Path(__file__).parent / "grumbles.yaml").read_text(encoding="utf-8"))
PHRASES: Final = 40  # slots of a point's phrases, both languages
POINTS: Final = 64  # slots of an area's points
# Numbers that fill a slot: least, and how many there are.
NUMBERS: Final = {"amount": (3, 296), "days": (2, 28), "times": (2, 7)}


def install_notes(connection: duckdb.DuckDBPyConnection, topics: list[str]) -> None:
    """Set the lists and macros that contact.sql picks points and phrases with.

    Lists that are indexed by numbers, not tables that are joined: a contact is a wide row, and few of them have a note.
    """
    keys = list(NOTES["points"])
    words = [*NOTES["points"].values(), NOTES["vague"], NOTES["calm"]]
    lists = {
        "note_areas": areas(),
        "note_topics": topics,
        "note_points": keys,
        "point_choice": [
            keys.index(point) + 1 for topic in topics for area in areas() for point in _points(topic, area)
        ],
        "phrases": [phrase for each in words for phrase in _phrases(each)],
    }
    for name, values in lists.items():
        connection.execute(f"set variable {name} = $values", {"values": values})
    english = round(PHRASES * NOTES["shares"]["english"])
    connection.execute(f"create or replace macro point_slots() as {POINTS}")
    connection.execute(f"create or replace macro phrase_slots() as {PHRASES}")
    connection.execute(f"create or replace macro is_english(phrase_number) as phrase_number >= {PHRASES - english}")
    for name, share in NOTES["shares"].items():
        connection.execute(f"create or replace macro share_{name}() as {float(share)!r}")
    for name in ("openers_zh", "closers_zh", "openers_en", "closers_en"):
        connection.execute(f"create or replace macro one_of_{name}(h) as {_one_of(name, NOTES[name])}")
    connection.execute(f"create or replace macro filled(phrase, h) as {_filled('phrase')}")


def areas() -> list[str]:
    """The areas of the points, in the order of the file."""
    return list(dict.fromkeys(point.split(".")[0] for point in NOTES["points"]))


def _phrases(words: dict[str, list[str]]) -> list[str]:
    """The phrases over and over, so many English ones at the end as the share says."""
    english = round(PHRASES * NOTES["shares"]["english"])
    return [
        *(words["zh"][number % len(words["zh"])] for number in range(PHRASES - english)),
        *(words["en"][number % len(words["en"])] for number in range(english)),
    ]


def _points(topic: str, area: str) -> list[str]:
    likely = NOTES["likely"].get(topic, {})
    weights = {
        code: point["weight"] * likely.get(code, 1)
        for code, point in NOTES["points"].items()
        if code.split(".")[0] == area
    }
    return spread(list(weights), list(weights.values()), POINTS)


def _one_of(question: str, words: list[str]) -> str:
    """SQL that picks one of the words by the entity's hash."""
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"list_extract([{listed}], 1 + floor(draw(h, '{question}') * {len(words)})::integer)"


def _filled(phrase: str) -> str:
    """SQL that fills every slot of a phrase."""
    for name, words in NOTES["slots"].items():
        phrase = f"replace({phrase}, '<{name}>', {_one_of('slot ' + name, words)})"
    for name, (least, count) in NUMBERS.items():
        phrase = f"replace({phrase}, '<{name}>', ({least} + floor(draw(h, 'slot {name}') * {count})::integer)::varchar)"
    return phrase
