"""What a message's text must say and must not: one description for surveys and campaigns."""

from __future__ import annotations

from typing import Final

LINKS: Final = ("http", "www.", ".com", ".cn/", "://")
OPT_OUT_HINTS: Final = {"en": "STOP", "zh": "退订"}


def mistake_in(text: str, language: str, consent: str) -> str | None:
    """What is wrong with a text in a language ('en' or 'zh') of a kind ('service' or 'commercial'); None when it is
    right.

    >>> mistake_in("See www.example.org. Reply STOP to opt out.", "en", "service")
    'a service message carries no link (en)'
    >>> mistake_in("打扰了", "zh", "commercial")
    'the text says nowhere how to opt out (zh)'
    """
    if consent == "service" and any(link in text.casefold() for link in LINKS):
        return f"a service message carries no link ({language})"
    if OPT_OUT_HINTS[language] not in text:
        return f"the text says nowhere how to opt out ({language})"
    return None
