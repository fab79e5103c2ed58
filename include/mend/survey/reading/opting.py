"""Asking for no more messages, and asking for them again: only when the whole text does."""

from __future__ import annotations

import re
from typing import Final

from mend.survey.reading.cover import Clause
from mend.survey.reading.heard import Heard, numbers

# What may stand beside 'no more messages'; beside a single letter only a digit or thanks.
BESIDE: Final = frozenset(
    "optout weak letter number polite hello abuse unsolved solved trouble denied affirmed link dissatisfied very_dissatisfied story sneer nice "
    "very_satisfied satisfied neutral noneed request loose_unsolved context".split()
)
BESIDE_LETTER: Final = frozenset({"letter", "optout", "number", "polite"})
POLITE_REQUEST: Final = ("能不能", "可不可以", "可以不", "can", "could", "please", "would", "will")
ITS_CLAUSE: Final = frozenset({"letter", "optout", "number", "polite", "hello", "link", "abuse"})
LONGEST_NUMBER: Final = 10
STARTS: Final = re.compile(
    r"(?:please )?(?:start|unstop|resume|resubscribe|subscribe|opt ?in|opt me (?:back )?in|start (?:again|messages|sms|texts))(?: me| please| again| marketing| offers| promotions| messages| texts| sms)*"
    r"|(?:请|我要|我想|帮我|请帮我)?(?:重新|再次)?(?:恢复|订阅|恢复订阅|恢复接收|恢复发送|恢复推送|接收|回复订阅|取消退订|撤销退订|撤回退订|解除退订)"
    r"(?:(?:营销|推广|优惠|促销|服务)?(?:短信|信息|消息|通知|调查))?(?:吧|谢谢|,谢谢)?"
)
MARKETING: Final = re.compile("营销|推广|优惠|促销|marketing|offers|promotions")
SIGNS: Final = re.compile(r"[\s.!。!~]+$|^[\s\"'“]+")


def asks_for_none(heard: Heard) -> bool:
    """Whether all that was heard is a request for no more messages and what goes with it."""
    tags = heard.tags
    if not tags & {"optout", "letter"} or heard.left_over:
        return False
    if any(each.is_question and not each.words.startswith(POLITE_REQUEST) for each in heard.clauses):
        return False
    if any(not _fills(clause) for clause in heard.clauses):
        return False
    given = numbers(heard)
    if given is None or any(value > LONGEST_NUMBER for value in given):
        return False
    return tags <= (BESIDE if "optout" in tags else BESIDE_LETTER)


def _fills(clause: Clause) -> bool:
    """Whether the request has its clause for itself: 'stop' beside a trouble is about the trouble."""
    tags = {each.tag for each in clause.said or ()}
    return not tags & {"optout", "letter"} or tags <= ITS_CLAUSE


def asks_to_start(text: str) -> bool:
    """Whether all of a plain text asks for messages again."""
    return STARTS.fullmatch(SIGNS.sub("", text)) is not None


def names_marketing(text: str) -> bool:
    """Whether a plain text names marketing."""
    return MARKETING.search(text) is not None
