"""Which score? A number that is meant as one, or words of the questionnaire's own scale, and nothing that
contradicts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mend.care.survey.reading import marks
from mend.care.survey.reading.heard import Heard, numbers, scales

LEVELS: Final = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
HIGH, LOW, FAR = 0.7, 0.3, 5  # shares of the scale; points between a number and words that no longer say the same
EXPLICIT: Final = re.compile("解决|修|搞定|弄好|处理|恢复|还是不行|问题|solve|resolve|fix|problem|issue|sorted")
PRAISE: Final = frozenset({"very_satisfied", "satisfied", "nice", "top"})
CONDITIONS: Final = frozenset(
    {
        "request",
        "order",
        "solved",
        "loose_solved",
        "unsolved",
        "weak",
        "claim",
        "halfway",
        "past",
        "noneed",
        "question",
    }
)
FULL: Final = re.compile("满分")
WAITED: Final = re.compile(
    r"\b(?:hold|queue|wait\w*|music|transfer\w*|cut off|hung up|without|still)\b|排队|占线|转接|挂断|没人"
)
SINCERE: Final = re.compile("满意|态度|客服|耐心|satisf|happy|pleased|recommend")
DONE: Final = re.compile("已|终于|总算|都|全|谢|is |has |been |now|all ")


@dataclass(frozen=True)
class Rated:
    """A score, if one is certain, and whether the words say that it is not solved."""

    score: int | None
    is_unsolved: bool = False


def rated(heard: Heard, scale: int, lowest: int, means: Mapping[str, int | str]) -> Rated:
    """What was heard, on the scale; no score where a person must read it."""
    given = numbers(heard)
    if given is None or heard.tags & {"optout", "letter", "declined"} or scales(heard) - {scale}:
        return Rated(None)
    by_words = _level(heard, means)
    if not given and ("top" in heard.tags or FULL.search(heard.words("scale"))):
        given = [float(scale)]
    if given:
        return _by_number(heard, given, by_words, scale, lowest)
    return _by_level(heard, by_words)


def _by_number(heard: Heard, given: list[float], by_words: int | None, scale: int, lowest: int) -> Rated:
    if (
        (len(set(given)) > 1 and "correction" not in heard.tags)
        or not given[-1].is_integer()
        or not lowest <= given[-1] <= scale
    ):
        return Rated(None)
    score = int(given[-1])
    if (
        _is_doubtful(heard, score / scale)
        or (by_words is not None and abs(score - by_words) >= FAR)
        or _is_condition(heard)
    ):
        return Rated(None)
    return Rated(score, _says_unsolved(heard))


def _is_doubtful(heard: Heard, share: float) -> bool:
    tags, text = heard.tags, heard.left()
    if heard.is_asking and (share >= LOW or _asks_the_number(heard)):
        return True
    if "denied" in tags or _is_named(heard) or ("sneer" in tags and share > LOW):
        return True
    if share >= HIGH and tags & {"abuse", "dissatisfied", "very_dissatisfied"}:
        return True
    if share <= LOW and tags & {"satisfied", "very_satisfied", "top", "nice"}:
        return True
    contrary = "beside_high" if share >= HIGH else "beside_low" if share <= LOW else None
    return bool(text) and (
        not (_stands_alone(heard) or tags & PRAISE or marks.about_service(heard.said, text))
        or marks.is_elsewhere(text)
        or len(text) > marks.LONGEST_COMMENT
        or marks.has("beside_score", text)
        or marks.has_second_number(text)
        or (contrary is not None and marks.has(contrary, text) and not _explains(heard, share))
    )


def _stands_alone(heard: Heard) -> bool:
    """Whether a number comes first and is closed: what follows is a comment on it."""
    head = heard.head
    return head is not None and head.is_closed and any(each.tag == "number" for each in head.said or ())


def _explains(heard: Heard, share: float) -> bool:
    """Whether the words say what took a point off a good score: '9, but the music is awful'."""
    return share < 1 and _stands_alone(heard) and ("wouldbe" in heard.tags or marks.has("contrast", heard.left()))


def _is_named(heard: Heard) -> bool:
    """Whether a yes stands in the number's own clause ('9 is ...')."""
    return any({"number", "affirmed"} <= {each.tag for each in clause.said or ()} for clause in heard.clauses)


def _asks_the_number(heard: Heard) -> bool:
    return any(
        clause.is_question and any(each.tag == "number" for each in clause.said or ()) for clause in heard.clauses
    )


def _says_unsolved(heard: Heard) -> bool:
    """Whether the words say that the matter itself is not solved, not only that something is slow or wants signal."""
    return not heard.left_over and bool(EXPLICIT.search(heard.words("unsolved")))


def _is_condition(heard: Heard) -> bool:
    """'When it is mended you get 10': solved comes first and does not say that it is done, or something stands before
    it in its clause.
    """
    for clause in heard.clauses:
        tags = [each.tag for each in clause.said or ()]
        if "number" in tags and set(tags[: tags.index("number")]) & CONDITIONS:
            return True
    place = heard.first("solved", "loose_solved")
    return 0 <= place < heard.first("number", "top") and not DONE.search(heard.words("solved", "loose_solved"))


def _sounds_ironic(heard: Heard) -> bool:
    """'Brilliant, 45 minutes on hold': praise without a number, and behind it how long somebody had to wait."""
    if SINCERE.search(heard.words(*LEVELS[:2])):
        return False
    behind = heard.said[heard.first(*LEVELS[:2]) :]
    return any(each.tag in ("story", "grumble", "context") and WAITED.search(each.words) for each in behind)


def _level(heard: Heard, means: Mapping[str, int | str]) -> int | None:
    """The score of the words: of several on one side the more careful one, of both sides none."""
    found = {level for level in LEVELS if level in heard.tags}
    scores = [value for level in found if isinstance(value := means.get(level), int)]
    if not scores or (found & set(LEVELS[:2]) and found & set(LEVELS[2:])):
        return None
    return min(scores) if found & set(LEVELS[:2]) else max(scores)


def _by_level(heard: Heard, score: int | None) -> Rated:
    tags = heard.tags
    if _says_unsolved(heard) and not heard.is_asking and not tags & {"solved", "affirmed", "sneer", "optout"}:
        return Rated(score, True)
    doubtful = tags & {
        "unsolved",
        "loose_unsolved",
        "loose_solved",
        "sneer",
        "denied",
        "claim",
        "request",
        "order",
        "question",
        "halfway",
        "correction",
        "past",
    }
    is_praise = bool(tags & set(LEVELS[:2]))
    if (
        heard.left_over
        or heard.is_asking
        or doubtful
        or (is_praise and tags & {"trouble", "abuse"})
        or (is_praise and _sounds_ironic(heard))
        or (not is_praise and tags & {"nice", "solved"})
    ):
        return Rated(None)
    return Rated(score)
