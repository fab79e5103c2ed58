"""What a reply means: a pure function of its text and the questionnaire. Opt-out comes first, doubt goes to a
person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mend.care.survey.reading import marks
from mend.care.survey.reading.heard import Heard, hear
from mend.care.survey.reading.opting import asks_for_none, asks_to_start, names_marketing
from mend.care.survey.reading.own_words import own_words, written_by_machine
from mend.care.survey.reading.plain import meant, normalised, plain_lines
from mend.care.survey.reading.score import rated
from mend.care.survey.reading.solved import solved_or_not
from mend.care.survey.rules import Questionnaire

__all__ = [
    "Meaning", "asks_to_stop", "is_courtesy", "is_opt_out", "normalised", "parse", "wants_marketing_again",
    "wants_messages_again",
]  # fmt: skip

Code = Literal["solved", "unsolved", "score", "opt_out", "opt_in", "unclear"]
COURTESY: Final = frozenset({"polite", "hello", "link", "nice", "noneed"})
LONGEST: Final = 2_000  # signs; what is longer no customer types in answer to a survey


@dataclass(frozen=True)
class Meaning:
    """What a reply means. `score` is on the questionnaire's scale; an unsolved one may carry a score too."""

    code: Code
    score: int | None = None


UNCLEAR: Final = Meaning("unclear")


def parse(text: str, questionnaire: Questionnaire, sent: str = "") -> Meaning:
    """The meaning of a reply to a questionnaire; `sent` is the message that asked, which some phones quote.

    Never raises: whatever cannot be read for certain is `unclear`, for a person. Certain is only what was understood
    from end to end.
    """
    heard = _heard(text, sent)
    if heard is None:
        return UNCLEAR
    if asks_for_none(heard):
        return Meaning("opt_out")
    if questionnaire.scale is None:
        answer = solved_or_not(heard, questionnaire.digits)
        return Meaning(answer) if answer else UNCLEAR
    found = rated(
        heard,
        questionnaire.scale,
        questionnaire.lowest,
        {str(level): means for level, means in questionnaire.likert.items()},
    )
    if found.is_unsolved:
        return Meaning("unsolved", found.score)
    return Meaning("score", found.score) if found.score is not None else UNCLEAR


def asks_to_stop(text: str) -> bool:
    """Whether a text, as it came in, asks for no more messages: all of it, without what it quotes.

    >>> [asks_to_stop(text) for text in ("回Ｔ退訂", "don't stop", "please stop this roaming charge", "帮我退订彩铃")]
    [True, False, False, False]
    """
    heard = _heard(text)
    return heard is not None and asks_for_none(heard)


def is_opt_out(plain: str) -> bool:
    """The same of a normalised text."""
    return asks_to_stop(plain)


def wants_messages_again(text: str) -> bool:
    """Whether all of a text asks for messages again, after an opt-out.

    >>> [wants_messages_again(text) for text in ("START", "恢复订阅", "when will you start", "恢复了")]
    [True, True, False, False]
    """
    if len(text) > LONGEST:
        return False
    own = own_words(plain_lines(text))
    return not written_by_machine(own) and asks_to_start(meant(own))


def wants_marketing_again(text: str) -> bool:
    """Whether the words of such a text ask for marketing too.

    >>> wants_marketing_again("START"), wants_marketing_again("恢复营销短信")
    (False, True)
    """
    return wants_messages_again(text) and names_marketing(plain_lines(text))


def is_courtesy(text: str) -> bool:
    """Whether a text is thanks, a greeting or a nod and nothing else.

    >>> [is_courtesy(text) for text in ("谢谢", "OK, thanks!", "谢谢，又断了", "call me")]
    [True, True, False, False]
    """
    heard = _heard(text)
    return heard is not None and not heard.left_over and not heard.is_asking and heard.tags <= COURTESY


def _heard(text: str, sent: str = "") -> Heard | None:
    """The customer's own words, taken apart. None where there are none, or where they mean the contrary of what they
    say.
    """
    if len(text) > LONGEST:
        return None
    own = own_words(plain_lines(text), plain_lines(sent))
    if not own or written_by_machine(own) or marks.has("quoted", own):
        return None
    text = marks.corrected(meant(own))
    return None if marks.has("mistaken", text) else hear(text)
