"""What a reply means: a pure function of its text and the questionnaire. Opt-out comes first, doubt goes to a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from mend.survey.rules import Questionnaire
from mend.yaml_text import read_yaml

Code = Literal["solved", "unsolved", "score", "opt_out", "unclear"]
LEXICON: Final = Path(__file__).parent / "reply_words.yaml"
CIRCLED: Final = re.compile("[①-⑩➀-➉❶-❿]")
KEYCAP: Final = re.compile("[\ufe0e\ufe0f\u20e3\u200b-\u200f\u2060]")  # the invisible signs of emoji and of copied text
SIGNS: Final = re.compile(r"[^\w\u4e00-\u9fff]+")
FRACTION: Final = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:/|out of)\s*(\d{1,2})(?![\d.])")
NUMBER: Final = re.compile(r"(?<![\w.])[+-]?\d+(?:[.,:]\d+)*|(?<=[^\x00-\x7f])\d+(?:[.,:]\d+)*|\d+(?:[.,:]\d+)*")
LONGEST_ANSWER: Final = 2  # digits; a longer number is no score (a phone number, an amount, a code)
FAR: Final = 5  # points between a number and words that no longer say the same
DASHED: Final = re.compile(r"\d\s*(?:[-~～—/、]|或|或者|到|至|or|to)\s*\d")


@dataclass(frozen=True)
class Meaning:
    """What a reply means. `score` is on the questionnaire's scale; an unsolved one may carry a score too."""

    code: Code
    score: int | None = None


UNCLEAR: Final = Meaning("unclear")


@dataclass(frozen=True)
class Lexicon:
    """The words of reply_words.yaml, compiled."""

    traditional: dict[int, str]
    opt_out: frozenset[str]
    opt_out_phrases: re.Pattern[str]
    not_opt_out: re.Pattern[str]
    question: re.Pattern[str]
    half: re.Pattern[str]
    solved_first: re.Pattern[str]
    unsolved: re.Pattern[str]
    solved: re.Pattern[str]
    affirmed: frozenset[str]
    denied: frozenset[str]
    likert: Mapping[str, re.Pattern[str]]
    chinese_number: re.Pattern[str]
    numerals: Mapping[str, int]
    measure: re.Pattern[str]


def parse(text: str, questionnaire: Questionnaire) -> Meaning:
    """The meaning of a reply to a questionnaire.

    Never raises: whatever cannot be read for certain is `unclear`, for a person.
    """
    plain = normalised(text)
    if is_opt_out(plain):
        return Meaning("opt_out")
    words = lexicon()
    if words.half.search(plain) or words.question.search(plain):
        return UNCLEAR
    said, rest = _said(plain, questionnaire)
    likert = None if said is UNCLEAR else _likert(rest, questionnaire)
    return _together(_number(plain, questionnaire), said, likert)


def normalised(text: str) -> str:
    """Full-width, circled and compatibility signs made plain, lower case, traditional characters made simple.

    >>> normalised(" ７。 "), normalised("沒解決"), normalised("7️⃣")
    ('7。', '没解决', '7')
    """
    apart = CIRCLED.sub(lambda sign: f" {unicodedata.numeric(sign.group()):.0f} ", KEYCAP.sub("", text))
    plain = unicodedata.normalize("NFKC", apart).replace("’", "'").casefold()
    return " ".join(plain.translate(lexicon().traditional).split())


def is_opt_out(plain: str) -> bool:
    """Whether a normalised text refuses further messages.

    >>> [is_opt_out(text) for text in ("stop!", "回t退订", "don't stop", "今天退订彩铃")]
    [True, True, False, False]
    """
    words = lexicon()
    if words.not_opt_out.search(plain):
        return False
    bare = SIGNS.sub("", plain)
    # A score or a '7' beside the word does not weaken it.
    return bool({bare, bare.strip("0123456789")} & words.opt_out or words.opt_out_phrases.search(plain))


def asks_to_stop(text: str) -> bool:
    """Whether a text, as it came in, asks for no more messages.

    >>> asks_to_stop("回Ｔ退訂"), asks_to_stop("please stop this roaming charge")
    (True, False)
    """
    return is_opt_out(normalised(text))


def _together(number: Meaning | None, said: Meaning | None, likert: Meaning | None) -> Meaning:
    """Number, words about the problem and words about the service. Where they contradict each other, a person reads it."""
    score = next((each.score for each in (number, likert) if each is not None and each.score is not None), None)
    if said is not None:
        contrary = said in (_opposite(number), _opposite(likert) if said.code == "solved" else None)
        return UNCLEAR if contrary or said is UNCLEAR else Meaning(said.code, score)
    if number is None or likert is None:
        return number or likert or UNCLEAR
    return UNCLEAR if number == _opposite(likert) or _far(number, likert) else number


def _far(number: Meaning, likert: Meaning) -> bool:
    """'1, very satisfied': the customer may have taken the scale the other way round."""
    return number.score is not None and likert.score is not None and abs(number.score - likert.score) >= FAR


def _opposite(meaning: Meaning | None) -> Meaning | None:
    opposites = {"solved": Meaning("unsolved"), "unsolved": Meaning("solved")}
    return opposites.get(meaning.code) if meaning is not None else None


def _number(plain: str, questionnaire: Questionnaire) -> Meaning | None:
    """The meaning of the only number of the text; None without any, UNCLEAR when it is not one of the questionnaire's."""
    found = _numbers(plain, questionnaire)
    if not found:
        return None
    if len(found) > 1 or not next(iter(found)).isdecimal() or len(next(iter(found))) > LONGEST_ANSWER:
        return UNCLEAR
    value = int(next(iter(found)))
    if value in questionnaire.digits:
        return Meaning(questionnaire.digits[value])
    if questionnaire.scale is not None and questionnaire.lowest <= value <= questionnaire.scale:
        return Meaning("score", value)
    return UNCLEAR


def _numbers(plain: str, questionnaire: Questionnaire) -> set[str]:
    """The different numbers of the text as they stand, without measures ('3 days') and with '9/10' as 9."""
    words = lexicon()
    if (whole := words.chinese_number.fullmatch(SIGNS.sub("", plain))) is not None:
        return {str(words.numerals[whole.group("number")])}
    rest = words.measure.sub(" ", plain)
    fractions = {score for score, scale in FRACTION.findall(rest) if int(scale) == questionnaire.scale}
    if len(fractions) == 1 and not DASHED.search(FRACTION.sub(" ", rest)):
        rest = FRACTION.sub(" ", rest)
        return fractions | set(NUMBER.findall(rest))
    spelled = {str(words.numerals[word]) for word in re.findall(r"[a-z]+", rest) if word in words.numerals}
    return set(NUMBER.findall(rest)) | spelled


def _said(plain: str, questionnaire: Questionnaire) -> tuple[Meaning | None, str]:
    """What the words say of the problem (None: nothing, UNCLEAR: both), and the text without them."""
    words = lexicon()
    unsolved, rest = _last(words.unsolved, words.solved_first.sub(" 解决了 ", plain))
    solved, rest = _last(words.solved, rest)
    if solved >= 0 or unsolved >= 0:
        # '… solved, but the bill is not': what comes last counts; the other way round a person decides.
        said = Meaning("solved") if unsolved < 0 else Meaning("unsolved") if solved < unsolved else UNCLEAR
        return said, rest
    if "solved" in questionnaire.digits.values():
        bare = re.sub(r"[^\w\s\u4e00-\u9fff]", "", plain).strip()
        if bare in words.affirmed or bare in words.denied:
            return Meaning("solved" if bare in words.affirmed else "unsolved"), rest
    return None, rest


def _last(pattern: re.Pattern[str], text: str) -> tuple[int, str]:
    """Where the pattern matches last (-1: nowhere), and the text with every match blanked in place."""
    places = [found.start() for found in pattern.finditer(text)]
    return (places[-1] if places else -1), pattern.sub(lambda found: " " * len(found.group()), text)


def _likert(text: str, questionnaire: Questionnaire) -> Meaning | None:
    """The first line of the satisfaction words that matches; what is left may not say the contrary."""
    means_of = {str(step): means for step, means in questionnaire.likert.items()}
    for step, pattern in lexicon().likert.items():
        if pattern.search(text):
            means = means_of.get(step, "unclear")
            return Meaning("score", means) if isinstance(means, int) else (UNCLEAR if means == "unclear" else Meaning(means))
    return None


@cache
def lexicon() -> Lexicon:
    """The words, read once."""
    words: dict[str, Any] = read_yaml(LEXICON.read_text("utf-8"))
    numerals: dict[str, int] = words["numerals"] | words["number_words"]
    signs = "|".join(sorted(words["numerals"], key=len, reverse=True))
    return Lexicon(
        traditional={ord(sign): simple for sign, simple in words["traditional"].items() if len(sign) == 1},
        opt_out=frozenset(word for line in words["opt_out"] for word in line),
        opt_out_phrases=_any(words["opt_out_phrases"]),
        not_opt_out=_any(words["not_opt_out"]),
        question=_any(words["question"]),
        half=_any(words["half"]),
        solved_first=_any(words["solved_first"]),
        unsolved=_any(words["unsolved"]),
        solved=_any(words["solved"]),
        affirmed=frozenset(words["affirmed"]),
        denied=frozenset(words["denied"]),
        likert={step: _any(patterns) for step, patterns in words["likert"].items()},
        chinese_number=re.compile(rf"(?:我)?(?:打|给|评|选|回复?|就)?(?P<number>{signs})(?:分|星|颗星)?(?:吧|了|哦|啊|呢)?"),
        numerals=numerals,
        measure=re.compile(rf"\d+(?:\.\d+)?\s*(?:多|几)?{words['units']}(?![a-z])"),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
