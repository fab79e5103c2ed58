"""How the simulated message centre and its subscribers behave: all drawn from a seed and the message, so that it
repeats.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mend.care.sms.errors import RuleError
from mend.foundation.yaml_text import read_yaml


@dataclass(frozen=True)
class Received:
    """A whole message that a subscriber has in hand."""

    phone_number: str = field(repr=False)
    to_number: str
    text: str = field(repr=False)


# What a subscriber answers, and after how many seconds; None for silence.
Answer: TypeAlias = Callable[[Received], tuple[str, float] | None]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)  # 7 is a text, too


class Answers(_Strict):
    """What subscribers answer to texts that match `when`: each text with its weight; `share` of them answer at all."""

    when: str
    share: float = Field(ge=0, le=1)
    texts: dict[str, float] = Field(min_length=1)
    after_seconds: tuple[float, float] = (0.1, 2.0)


class World(_Strict):
    """Shares are of messages; seconds are from–to, drawn evenly."""

    seed: int = 1
    response_seconds: tuple[float, float] = (0.0, 0.0)
    receipt_seconds: tuple[float, float] = (0.05, 0.5)
    undelivered_share: float = Field(default=0, ge=0, le=1)
    throttled_share: float = Field(default=0, ge=0, le=1)
    refused_share: float = Field(default=0, ge=0, le=1)
    parts_a_second: int | None = Field(default=None, gt=0)
    link_lost_every: int | None = Field(default=None, gt=0)
    strips_extension_share: float = Field(default=0, ge=0, le=1)
    receipt_ids: str = Field(default="same", pattern="^(same|decimal|none)$")
    answers: tuple[Answers, ...] = ()

    def draw(self, *names: object) -> float:
        """A number in [0, 1) that belongs to these names under this seed."""
        text = "\0".join(map(str, (self.seed, *names)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") / 2**64

    def seconds(self, span: tuple[float, float], *names: object) -> float:
        """Seconds within the span, drawn for these names."""
        return span[0] + (span[1] - span[0]) * self.draw(*names)

    def answer(self, received: Received) -> tuple[str, float] | None:
        """What the subscriber answers, by the first rule that matches, and after how many seconds."""
        rule = next((each for each in self.answers if re.search(each.when, received.text)), None)
        key = (received.phone_number, received.to_number, received.text)
        if rule is None or self.draw("answers", *key) >= rule.share:
            return None
        texts, weights = list(rule.texts), list(accumulate(rule.texts.values()))
        words = texts[bisect_right(weights, self.draw("which", *key) * weights[-1])]
        return words, self.seconds(rule.after_seconds, "when", *key)


def read_world(path: Path) -> World:
    """A world from a YAML file. RuleError names file, rule and reason."""
    try:
        return World.model_validate(read_yaml(path.read_text("utf-8")) or {})
    except (ValidationError, yaml.YAMLError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        place = f"{': '.join(map(str, first['loc']))}: {first['msg']}" if first else "not YAML"
        raise RuleError(f"{path.name}: {place}") from None
