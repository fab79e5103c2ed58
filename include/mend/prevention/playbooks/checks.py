"""What the keys of a file of playbooks must be to one another."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from mend.foundation.schema import CODES
from mend.prevention.playbooks.content import FileText, PlaybookText
from mend.prevention.playbooks.playbook import SEVERITIES


def mistake_in(content: FileText) -> str | None:
    """What is wrong with a file; None when nothing is. The first check that finds something speaks."""
    checks = (_levels(content), _scales(content), _playbooks(content))
    return next((mistake for mistake in checks if mistake is not None), None)


def _levels(content: FileText) -> str | None:
    if len(content.authority) < 2:
        return "authority: names fewer than two levels: somebody must be there for what is over the first one's limit"
    lowest, *_ = content.authority
    if content.authority[lowest].holders:
        return f"authority: {lowest}: holders: the lowest level has none: whoever is named nowhere has it"
    seen: dict[str, str] = {}
    for code, level in content.authority.items():
        for holder in level.holders:
            if holder in seen:
                return f"authority: {holder} stands under {seen[holder]} and {code}; keep one of them"
            seen[holder] = code
    return None


def _scales(content: FileText) -> str | None:
    for code, by_severity in content.scales.items():
        if missing := [each for each in SEVERITIES if each not in by_severity]:
            return f"scales: {code}: severity {missing[0]} is missing; name 1, 2, 3 and 4"
        for severity, limits in by_severity.items():
            if (mistake := _limits(limits, list(content.authority))) is not None:
                return f"scales: {code}: {severity}: {mistake}"
        for level in content.authority:
            for lower, higher in pairwise(SEVERITIES):
                if by_severity[lower][level] > by_severity[higher][level]:
                    return f"scales: {code}: {level} may give less at severity {higher} than at {lower}; let it rise"
    return None


def _limits(limits: Mapping[str, int], levels: list[str]) -> str | None:
    if unknown := sorted(limits.keys() - set(levels)):
        return f"there is no authority level {unknown[0]}; it is one of {', '.join(levels)}"
    if missing := [each for each in levels if each not in limits]:
        return f"{missing[0]} is missing; write 0 where a level may give nothing"
    for lower, higher in pairwise(levels):
        if limits[lower] > limits[higher]:
            return f"{higher} may give {limits[higher]} yuan, {lower} below it {limits[lower]}; let the limits rise"
    return None


def _playbooks(content: FileText) -> str | None:
    if not content.playbooks:
        return "playbooks: holds none; write at least one that fits every case"
    *_, last = content.playbooks
    for code, words in content.playbooks.items():
        if (words.when is None) != (code == last):
            return (
                f"playbooks: {code}: when is missing; only the last playbook fits every case"
                if words.when is None
                else f"playbooks: {last}: when: the last playbook fits every case; take `when` out, or add one after it"
            )
        if words.failure_code not in CODES["failure_type"]:
            known = ", ".join(str(each) for each in CODES["failure_type"])
            return f"playbooks: {code}: failure_code: there is no {words.failure_code}; it is one of {known}"
        if words.compensation not in content.scales:
            known = ", ".join(content.scales)
            return f"playbooks: {code}: compensation: there is no scale {words.compensation}; it is one of {known}"
        if not words.steps:
            return f"playbooks: {code}: steps: holds none; say what is done"
        if any("{" in text for text in _texts(words)):
            return f"playbooks: {code}: holds a place in brackets, and nothing fills it; write the words themselves"
    return None


def _texts(words: PlaybookText) -> list[str]:
    said = [words.script_en, words.script_zh, words.alternative_en, words.alternative_zh]
    return said + [text for each in words.steps for text in (each.en, each.zh)]
