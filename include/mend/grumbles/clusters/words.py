"""A cluster in words: what its name says, its share, and what sets it apart from the rest."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from mend.grumbles.clusters.fitting import Fitted
from mend.grumbles.clusters.rules import Kind

Language = Literal["en", "zh"]
TRAITS: Final = 3
LEAST: Final = 0.3  # standard deviations: less does not set a cluster apart


def describe(kind: Kind, name: str, fitted: Fitted | None, place: int | None, language: Language) -> str:
    """The cluster in English or Chinese."""
    meaning = getattr(kind.names[name], language)
    if fitted is None or place is None:
        nothing = {"en": "everybody: too little is known to tell customers apart", "zh": "资料不足，全部客户归入此群"}
        return f"{meaning} ({nothing[language]})" if language == "en" else f"{meaning}（{nothing[language]}）"
    traits = [_trait(kind, fitted, place, number, language) for number in _telling(fitted, place)]
    if language == "en":
        return f"{meaning}: {', '.join(traits)}" if traits else f"{meaning}: close to the average in everything"
    return f"{meaning}：{'，'.join(traits)}" if traits else f"{meaning}：各项均接近平均"


def _telling(fitted: Fitted, place: int) -> list[int]:
    """The features in which the centre is farthest from the mean."""
    centre = fitted.centres[place]
    order = np.argsort(-np.abs(centre), kind="stable")
    return [int(number) for number in order[:TRAITS] if abs(centre[number]) >= LEAST]


def _trait(kind: Kind, fitted: Fitted, place: int, number: int, language: Language) -> str:
    words = getattr(kind.features[fitted.features[number]], language)
    off = float(fitted.centres[place, number])
    if language == "en":
        return f"{words} {'above' if off > 0 else 'below'} the mean ({off:+.1f} sd)"
    return f"{words}{'偏高' if off > 0 else '偏低'}（{off:+.1f}个标准差）"
