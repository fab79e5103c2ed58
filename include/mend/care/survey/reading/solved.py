"""Is it solved? Certain only where everything that was heard fits together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from mend.care.survey.reading import marks
from mend.care.survey.reading.heard import Heard, numbers

Answer = Literal["solved", "unsolved"]
BESIDE_BARE: Final = frozenset(
    {
        "weak",
        "grumble",
        "satisfied",
        "very_satisfied",
        "dissatisfied",
        "very_dissatisfied",
        "story",
        "denied",
        "affirmed",
        "polite",
        "hello",
        "claim",
        "abuse",
        "sneer",
        "unsolved",
        "solved",
        "trouble",
        "request",
        "order",
        "link",
        "nice",
        "noneed",
    }
)
BRINGS_A_TICKET: Final = frozenset({"denied", "unsolved", "loose_unsolved"})
SOLVING: Final = frozenset({"solved", "loose_solved"})
DENYING: Final = ("unsolved", "loose_unsolved", "denied", "trouble")
OF_THE_WAY: Final = frozenset(
    {"trouble", "dissatisfied", "very_dissatisfied", "neutral", "abuse"}
)  # may be about how it went
THANKS: Final = re.compile("谢|感|辛苦|唔该|thank|cheers|appreciat|bless|ta$|gracias|obrigado")
PRAISE: Final = frozenset({"satisfied", "very_satisfied", "top"})
BLAME: Final = frozenset({"dissatisfied", "very_dissatisfied"})
# 'Not solved and you close the ticket?' asks nothing, whatever its sign.
REPROACH: Final = re.compile("(?:就|还|也).*(?:结|关|销|归档|评价|打分|评分|来问|来调查)")
AMENDS: Final = re.compile(r"补偿|赔偿|赔付|赠送|compensation|goodwill|gesture")
SAYS_SATISFIED: Final = re.compile("满意|不满|差评|👍|👎|satisf|happy")
OURS: Final = re.compile(r"网|信号|宽带|话费|电话|internet|network|signal|phone|broadband|wifi|calls|bill")
# Words that hardly stand in a text about anything else: beside them a comment may be unknown.
STRONG: Final = re.compile(r"解决|修好|修复|恢复|办好|处理好|搞定|弄好|solved|resolved|fixed|sorted|restored|repaired")


def solved_or_not(heard: Heard, digits: Mapping[int, str]) -> Answer | None:
    """The answer, or None where a person must read it."""
    given = numbers(heard)
    if given is None or any(value not in digits for value in given):
        return None
    if len(set(given)) > 1 and "correction" not in heard.tags:
        return None
    answer = _by_digit(heard, digits[int(given[-1])]) if given else _by_words(heard)
    return answer if answer is not None and _fits(heard, answer) else None


def _by_digit(heard: Heard, digit: str) -> Answer | None:
    tags = heard.tags
    if digit == "solved":
        return None if _against(heard, {*DENYING, *BLAME, "neutral", "halfway", "claim"}) else "solved"
    return None if tags & {*SOLVING, "weak", "affirmed", *PRAISE} else "unsolved"


def _by_words(heard: Heard) -> Answer | None:
    tags = heard.tags
    if not _bare_answers_fit(heard):
        return None
    if tags & SOLVING or _is_weak_with_thanks(heard):
        return _solved_words(heard)
    if tags & {"unsolved", "loose_unsolved"}:
        return None if "affirmed" in tags else "unsolved"
    if "affirmed" in tags:
        return None if _against(heard, {*DENYING, *BLAME, "neutral", "halfway", "claim"}) else "solved"
    if "denied" in tags or "trouble" in tags:
        return None if tags & {*PRAISE, "nice", "neutral"} else "unsolved"
    return _satisfied(heard)


def _bare_answers_fit(heard: Heard) -> bool:
    """Whether every yes and no has its clause for itself: 'not mine' is no answer."""
    tags = [{each.tag for each in clause.said or ()} for clause in heard.clauses]
    return all(not each & {"denied", "affirmed"} or each <= BESIDE_BARE for each in tags)


def _solved_words(heard: Heard) -> Answer | None:
    """'Solved yesterday, gone again': what is said last counts; the other way round a person decides."""
    tags = heard.tags
    if tags & {"unsolved", "loose_unsolved"}:
        if _is_only_amends(heard):
            return None
        return "unsolved" if heard.last(*SOLVING, "weak") < heard.first(*DENYING) and "affirmed" not in tags else None
    if heard.last("claim") > heard.last(*SOLVING, "weak"):
        return None
    return None if _against(heard, {*DENYING, *BLAME, "neutral", "halfway"}) else "solved"


def _is_only_amends(heard: Heard) -> bool:
    """Whether all that is denied is what was promised as compensation: a person asks what is still open."""
    denials = [each.words for each in heard.said if each.tag in DENYING]
    return all(AMENDS.search(words) for words in denials)


def _is_weak_with_thanks(heard: Heard) -> bool:
    """'Done' and 'ok' are said of anything; with thanks, praise or a yes they are an answer."""
    is_thanked = heard.tags & {"nice", "affirmed"} or THANKS.search(heard.words("polite"))
    return bool(heard.tags & {"weak", "bare_done"} and is_thanked)


def _against(heard: Heard, tags: set[str]) -> bool:
    """Whether a phrase with one of the tags speaks against "solved", and not only of how it went ('the hotline is hard
    to reach').
    """
    return any(
        each.tag in tags and not (each.tag in OF_THE_WAY and marks.is_of_the_way(each.words)) for each in heard.said
    )


def _satisfied(heard: Heard) -> Answer | None:
    """Satisfied or not says it, where nothing else does and these very words are used."""
    praise, blame = heard.words(*PRAISE), heard.words(*BLAME)
    if bool(praise) == bool(blame) or "neutral" in heard.tags or not SAYS_SATISFIED.search(praise or blame):
        return None
    return "solved" if praise else "unsolved"


def _fits(heard: Heard, answer: Answer) -> bool:
    """Whether nothing else that was heard, or was left over, casts doubt on the answer."""
    if answer == "solved":
        doubtful = _against(heard, {"sneer", "request", "order", "abuse", "question", "optout", "letter", "declined"})
        return not (_asks_how_it_is(heard) or doubtful) and _beside(heard, "beside_solved")
    says_so = (
        heard.tags & {"number", "unsolved", "loose_unsolved"}
        or heard.tags >= {"denied", "trouble"}
        or ("denied" in heard.tags and marks.has("about_trouble", heard.left()))
    )
    if heard.is_asking and (not says_so or _asked_itself(heard)):
        return False
    return not heard.tags & {"optout", "letter", "declined"} and _beside(heard, "beside_unsolved")


def _asks_how_it_is(heard: Heard) -> bool:
    """Whether anything is asked but how it went: 'solved. Why did it take so long?' asks nothing about the answer."""
    if any(each.tag == "question" for each in heard.said):
        return True
    return any(
        clause.is_question and (clause.said is not None or not marks.is_of_the_way(clause.words))
        for clause in heard.clauses
    )


def _asked_itself(heard: Heard) -> bool:
    """Whether the question is about the answer itself ('not solved?')."""
    asked = [clause for clause in heard.clauses if clause.is_question]
    return any(
        each.tag in ("number", *DENYING) and not REPROACH.search(each.words)
        for clause in asked
        for each in clause.said or ()
    )


def _beside(heard: Heard, mark: str) -> bool:
    """Unknown words are harmless beside a digit or strong words, when they have no sign of doubt."""
    if not heard.left_over:
        return True
    text = heard.left()
    if len(text) > marks.LONGEST_COMMENT or marks.has_second_number(text, "digit_like"):
        return False
    if mark == "beside_solved":
        return _beside_solved(heard, text)
    # A ticket brings a person to the customer, so less is asked of the words beside "not solved" than of those beside
    # "solved".
    is_named = marks.has("about_trouble", f"{text} {heard.words('unsolved', 'loose_unsolved', 'trouble')}")
    is_strong = _is_strong(heard) or (bool(heard.tags & BRINGS_A_TICKET) and is_named)
    return is_strong and not marks.has(mark, text)


def _beside_solved(heard: Heard, text: str) -> bool:
    """Behind a clear answer every comment counts for itself; before one, none may have a sign of doubt."""
    if _begins_solved(heard, text):
        return all(marks.is_harmless(words) for words in heard.left_over)
    is_harmless = not marks.has("beside_solved", text) and not marks.is_elsewhere(text)
    return is_harmless and _is_strong(heard) and marks.about_service(heard.said, text)


def _begins_solved(heard: Heard, text: str) -> bool:
    head = heard.head
    if head is None or not head.is_closed:
        return False
    tags = {each.tag for each in head.said or ()}
    if "affirmed" in tags:
        said_how = all(marks.has("after_yes", words) or marks.is_of_the_way(words) for words in heard.left_over)
        return bool(heard.tags & SOLVING) or marks.has("result", text) or (said_how and marks.has("after_yes", text))
    return "number" in tags or (
        bool(tags & SOLVING)
        and (bool(STRONG.search(head.words)) or bool(OURS.search(head.words)) or _is_about_us(text))
    )


def _is_about_us(text: str) -> bool:
    """Whether a comment speaks of a service, beside words that may be said of anything ('it is back')."""
    return marks.has("about_process", text) or marks.has("about_trouble", text)


def _has_number_at_an_end(heard: Heard) -> bool:
    """Whether the number comes first or last: between unknown words it may be anything."""
    ends = [clause for clause in (heard.head, heard.clauses[-1]) if clause is not None]
    return any(each.tag == "number" for clause in ends for each in clause.said or ())


def _is_strong(heard: Heard) -> bool:
    return _has_number_at_an_end(heard) or bool(STRONG.search(heard.words(*SOLVING, "unsolved", "loose_unsolved")))
