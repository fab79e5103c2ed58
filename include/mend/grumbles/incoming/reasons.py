"""Why a grumble has its level, in words: those of the night's warning list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mend.foundation.schema import CODES
from mend.grumbles.incoming.basis import PointWords
from mend.grumbles.warning.rules import Rules


def reasons(
    rules: Rules,
    point: PointWords | None,
    code: str | None,
    row: Mapping[str, Any],
    parts: Mapping[str, int],
    chance: float | None,
) -> tuple[str, str]:
    """In English and in Chinese. `point`: the words of `code`; None where the taxonomy does not have it."""
    solved_en, solved_zh = CODES["solved_state"][row["solved_state_code"]]
    words: dict[str, Any] = {name: getattr(rules.words, name)[part] for name, part in parts.items() if name != "solved"}
    recent, complaints, days = row["recent_count"], row["complaint_count"], str(row["age_days"])
    is_associated = row["coefficient"] is not None
    is_shown = row["behaviour_code"] not in (None, "not_shown_yet")
    english = [
        point.en if point else code or "unclassified grumble",
        words["duration"].en.replace("{days}", days),
        solved_en,
        words["association"].en if is_associated else None,
        words["tolerance"].en if is_shown else None,
        f"{recent} grumbles in {rules.open.recent_days} days" if recent > 1 else None,
        f"complained before ({complaints})" if complaints > 0 else None,
        _chance(chance, "probability of a complaint unknown", "complaint within 7 days: under 0.1 %",
                "complaint within 7 days: {:.1f} %"),
    ]  # fmt: skip
    chinese = [
        point.zh if point else code or "未分类抱怨",
        words["duration"].zh.replace("{days}", days),
        solved_zh,
        words["association"].zh if is_associated else None,
        words["tolerance"].zh if is_shown else None,
        f"近{rules.open.recent_days}天抱怨{recent}次" if recent > 1 else None,
        f"曾投诉{complaints}次" if complaints > 0 else None,
        _chance(chance, "投诉概率未知", "7天内投诉概率低于0.1%", "7天内投诉概率{:.1f}%"),
    ]
    return "; ".join(filter(None, english)), "；".join(filter(None, chinese))


def _chance(chance: float | None, unknown: str, small: str, known: str) -> str:
    return unknown if chance is None else small if chance < 0.001 else known.format(100 * chance)
