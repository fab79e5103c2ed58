"""The card of judging rules, as text for a terminal and as a page to print."""

from __future__ import annotations

from mend.foundation.report_page import heading, items, page, paragraph
from mend.grumbles.recording.rules import Card

SAYS = {"en": ("For example", "What counts, and as what"), "zh": ("例如", "什么算抱怨，记成什么")}


def card_text(card: Card, language: str) -> str:
    """One rule after the other: the short form, what it means, an example."""
    example, _ = SAYS[language]
    colon = "：" if language == "zh" else ": "
    lines = [card.title.of(language), ""]
    for number, rule in enumerate(card.rules, start=1):
        lines += [
            f"{number}. {rule.short.of(language)}",
            f"   {rule.long.of(language)}",
            f"   {example}{colon}{rule.example.of(language)}",
        ]
    return "\n".join(lines) + "\n"


def card_page(card: Card, language: str) -> str:
    """A page of HTML that needs nothing from outside."""
    example, lead = SAYS[language]
    colon = "：" if language == "zh" else ": "
    parts = [paragraph(lead, "note")]
    for number, rule in enumerate(card.rules, start=1):
        said = [rule.long.of(language), f"{example}{colon}{rule.example.of(language)}"]
        parts += [heading(f"{number}. {rule.short.of(language)}", 3), items(said)]
    return page(language, card.title.of(language), parts)
