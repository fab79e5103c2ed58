"""Files of strategies: read, checked whole or refused, chosen by day, and rebuilt from their text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from mend.foundation import rules as dated
from mend.foundation.conditions import Condition, ConditionError
from mend.foundation.yaml_text import read_yaml
from mend.repair.strategies.audience import (
    INDICATORS,
    AudienceColumn,
    audience_columns,
    columns_named,
    parse_audience,
)
from mend.repair.strategies.checks import mistake_of_file, mistake_of_strategy
from mend.repair.strategies.content import FileText, SampleText, SeasonText, SettingsText, StrategyText
from mend.repair.strategies.errors import StrategyError, first_problem
from mend.repair.strategies.strategy import (
    Amount,
    CampaignSettings,
    Cap,
    Experience,
    Floor,
    Prior,
    Sample,
    Season,
    Strategy,
    StrategySet,
)

FOLDER: Final = Path(__file__).parent / "rules"
Columns = Mapping[str, AudienceColumn]


def load_strategies(folder: Path | None = None, indicators: Collection[str] = INDICATORS) -> list[StrategySet]:
    """Every version, oldest first: those shipped, and those of `folder`, a home's `strategies` (one of the same day
    takes the shipped one's place).

    Args:
        indicators: ids that an audience may ask for, where a home has indicators of its own.

    Raises:
        StrategyError: naming file, strategy, reason and what to do, when any file is broken.
    """
    versions = [read_strategy_file(path, indicators) for path in dated.paths(FOLDER, folder)]
    ends: list[dt.date | None] = [version.valid_from for version in versions[1:]]
    return [replace(version, valid_until=end) for version, end in zip(versions, [*ends, None], strict=True)]


def strategies_on(day: dt.date, sets: Sequence[StrategySet]) -> StrategySet:
    """The version in force on that day. StrategyError when it is before the first."""
    return dated.in_force(day, sets, "strategies", StrategyError)


def read_strategy_file(path: Path, indicators: Collection[str] = INDICATORS) -> StrategySet:
    """Read and check one file of strategies."""
    text = dated.read_text(path, StrategyError)
    content = dated.parse(str(path), text, FileText, StrategyError, first_problem)
    return _checked(str(path), text, content, audience_columns(indicators))


def parse_strategies(text: str, name: str = "pinned strategies") -> StrategySet:
    """A version from its `text`, as a list keeps it: the same digest, whatever the files say by now."""
    content = dated.check(name, text, FileText, StrategyError, first_problem)
    return _checked(name, text, content, columns_named(text))


def _checked(file: str, text: str, content: FileText, columns: Columns) -> StrategySet:
    if (mistake := mistake_of_file(content)) is not None:
        raise StrategyError(f"{file}: {mistake}")
    for code, words in content.strategies.items():
        if (mistake := mistake_of_strategy(words, content)) is not None:
            raise StrategyError(f"{file}: {code}: {mistake}")
    plain = canonical(text)
    return StrategySet(
        valid_from=content.valid_from,
        valid_until=None,
        strategies=tuple(_strategy(file, code, words, columns) for code, words in content.strategies.items()),
        settings=_settings(content.settings),
        experiences=tuple(
            Experience(code, _condition(file, f"experiences: {code}", "when", each.when, columns), each.en, each.zh)
            for code, each in content.experiences.items()
        ),
        otherwise_en=content.otherwise.en,
        otherwise_zh=content.otherwise.zh,
        digest=hashlib.sha256(plain.encode()).hexdigest(),
        text=plain,
    )


def canonical(text: str) -> str:
    """What a file says, without comments, layout and the order of its keys; the order of strategies and experiences,
    which counts, stays."""
    content = read_yaml(text)
    ordered = {
        key: _sorted(content[key], depth=1 if key in ("strategies", "experiences") else 0) for key in sorted(content)
    }
    return yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=100)


def _sorted(value: Any, depth: int = 0) -> Any:
    """A copy with its keys in order, from that depth on."""
    if isinstance(value, dict):
        keys = value if depth > 0 else sorted(value)
        return {key: _sorted(value[key], depth - 1) for key in keys}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


def _strategy(file: str, code: str, words: StrategyText, columns: Columns) -> Strategy:
    return Strategy(
        code=code,
        audience=_condition(file, code, "audience", words.audience, columns),
        compensation=tuple(Amount(each.valid_from, each.amount) for each in words.compensation),
        prior=Prior(words.prior.lift_points, words.prior.probability, words.prior.uncertainty),
        sample=_sample(file, code, words.sample, columns),
        season=_season(file, code, words, columns),
        **{name: getattr(words, name) for name in PLAIN},
    )


def _sample(file: str, code: str, words: SampleText | None, columns: Columns) -> Sample | None:
    return None if words is None else Sample(words.share, _condition(file, code, "sample: of", words.of, columns))


def _season(file: str, code: str, words: StrategyText, columns: Columns) -> Season | None:
    if words.season is None:
        return None
    if (kept := words.season_kept) is None:
        return Season(words.season, 1, 12, None)
    audience = _condition(file, code, "season_kept: audience", kept.audience, columns)
    return Season(words.season, kept.from_month, kept.until_month, audience)


def with_seasons(rules: StrategySet, themes: Mapping[str, SeasonText], day: dt.date) -> StrategySet:
    """The version with every seasonal strategy's theme written into it, so that its text says all: a list that keeps
    the text is made again from it alone, whatever themes there are by then. Without such a strategy: the version.

    Raises:
        StrategyError: a strategy names a theme that is not among those in force on the day.
    """
    named = {each.code: each.season.theme for each in rules.strategies if each.season and each.season.audience is None}
    if not named:
        return rules
    content = read_yaml(rules.text)
    for code, theme in named.items():
        if theme not in themes:
            known = ", ".join(sorted(themes)) or "none"
            raise StrategyError(
                f"strategies from {rules.valid_from}: {code}: season: no theme {theme} is in force on {day}; there "
                f"are: {known}; write one of them, or add it to <home>/seasons/"
            )
        content["strategies"][code]["season_kept"] = themes[theme].model_dump()
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return replace(parse_strategies(text, f"strategies from {rules.valid_from}"), valid_until=rules.valid_until)


# What a strategy takes as the file has it.
PLAIN: Final = tuple(
    name
    for name in StrategyText.model_fields
    if name not in ("audience", "compensation", "prior", "sample", "season", "season_kept")
)


def _condition(file: str, place: str, key: str, text: str, columns: Columns) -> Condition:
    try:
        return parse_audience(text, columns)
    except ConditionError as error:
        raise StrategyError(f"{file}: {place}: {key}: {error}") from None


def _settings(words: SettingsText) -> CampaignSettings:
    return CampaignSettings(
        universal_hold_out_share=words.universal_hold_out_share,
        season_months=words.season_months,
        seed=words.seed,
        worst_first_weight=words.worst_first_weight,
        floors={city: Floor(each.least, each.share) for city, each in words.floors.items()},
        approvers=words.approvers,
        bias_bound_share=words.bias_bound_share,
        bias_least_candidates=words.bias_least_candidates,
        caps={channel: Cap(each.most, each.days) for channel, each in words.caps.items()},
        value_weights={str(value): weight for value, weight in words.value_weights.items()},
    )
