"""A cluster in words: what its name says, what sets it apart from the rest, and how far that held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from mend.grumbles.clusters.claims import Judged
from mend.grumbles.clusters.groups import Groups
from mend.grumbles.clusters.labels import Labelled
from mend.grumbles.clusters.rules import ValueRules, Words

TRAITS: Final = 3
LEAST: Final = 0.3  # standard deviations, log odds: less does not set a cluster apart
NO_GROUPS: Final = {
    "en": "the data holds no groups, so everybody is in one",
    "zh": "资料中没有可区分的群体，全部客户归为一群",
}
UNKNOWN: Final = {"en": "nobody knows what they spend, so everybody is in one", "zh": "消费未知，全部客户归为一群"}
ABSENT: Final = {"en": "the records do not say enough to tell customers apart", "zh": "记录不足，无法区分客户"}
FEW: Final = {"en": "too few customers to tell them apart", "zh": "客户过少，无法区分"}
WITHDRAWN: Final = {
    "contradicted": {
        "en": "not given: the month after contradicted it",
        "zh": "未予使用：次月数据与其含义相反",
    },
    "small": {"en": "not given: too few customers would have it", "zh": "未予使用：符合的客户过少"},
}
STATES: Final = {
    "confirmed": {"en": "confirmed", "zh": "已证实"},
    "contradicted": {"en": "contradicted", "zh": "被否定"},
    "open": {"en": "open, the interval holds nought", "zh": "未定，区间包含零"},
}


def value_words(
    rules: ValueRules, name: str, centre: Mapping[str, float], rates: Mapping[str, float], number: int, is_known: bool
) -> dict[str, str]:
    """A class of value."""
    found = {}
    for language in ("en", "zh"):
        meaning = getattr(rules.names[name], language).format(factor=f"{rules.factor:g}")  # type: ignore[index]
        if not is_known:
            meaning = _joined(meaning, UNKNOWN[language], language)
        elif number == 1:
            meaning = _joined(meaning, NO_GROUPS[language], language)
        found[f"words_{language}"] = _with_traits(meaning, dict(rules.features.items()), centre, rates, language, "sd")
    return found


def group_words(
    rules: ValueRules, name: str, centre: Mapping[str, float], rates: Mapping[str, float], fit: Groups | None
) -> dict[str, str]:
    """A brand's group."""
    classes = {"high": ("high value", "高价值"), "normal": ("normal value", "普通价值"), "low": ("low value", "低价值")}
    found = {}
    for place, language in enumerate(("en", "zh")):
        meaning = classes[name][place]
        if fit is None:
            meaning = _joined(meaning, FEW[language], language)
        elif fit.number == 1:
            one = {"en": "the brand's customers hold no groups", "zh": "该品牌客户没有可区分的群体"}
            meaning = _joined(meaning, one[language], language)
        found[f"words_{language}"] = _with_traits(meaning, dict(rules.features.items()), centre, rates, language, "sd")
    return found


def label_words(
    kind: Labelled,
    name: str,
    centre: Mapping[str, float],
    rates: Mapping[str, float],
    claim: Judged | None,
    why: str | None,
) -> dict[str, str]:
    """A label of consumption or behaviour."""
    found = {}
    for language in ("en", "zh"):
        meaning = getattr(kind.rules.names[name], language)
        if name == kind.rules.default and kind.number == 1:
            meaning = _joined(meaning, (ABSENT if kind.fitted is None else NO_GROUPS)[language], language)
        if why is not None:
            meaning = _joined(meaning, WITHDRAWN[why][language], language)
        is_apart = kind.number > 1 and name != kind.rules.default
        own = kind.rules.names[name].weights
        text = _with_traits(meaning, kind.rules.features, centre if is_apart else {}, rates, language, "odds", own)
        found[f"words_{language}"] = text + _claim(kind, name, claim, language)
    return found


def _claim(kind: Labelled, name: str, found: Judged | None, language: str) -> str:
    claim = kind.rules.claims.get(name)
    if claim is None or found is None or found.state not in STATES or found.low is None or found.high is None:
        return ""
    state, ends = STATES[found.state][language], f"{100 * found.low:+.1f}…{100 * found.high:+.1f}"
    shares = f"{found.share or 0:.0%}", f"{found.other_share or 0:.0%}"
    if language == "en":
        return f"; {claim.en}: {shares[0]} against {shares[1]} of others ({ends} points): {state}"
    return f"；{claim.zh}：{shares[0]}，其他客户{shares[1]}（差{ends}个百分点）：{state}"


def _with_traits(
    meaning: str,
    features: Mapping[str, Words],
    centre: Mapping[str, float],
    rates: Mapping[str, float],
    language: str,
    unit: str,
    first: Collection[str] = (),
) -> str:
    """The meaning with its traits: those that the label rests on first, then the strongest."""
    telling = [name for name in centre if abs(centre[name]) >= LEAST]
    telling.sort(key=lambda name: (name not in first, -abs(centre[name])))
    traits = [_trait(features[name], centre[name], rates.get(name), language, unit) for name in telling[:TRAITS]]
    if "spend_amount" in rates:
        traits.insert(
            0, {"en": f"mean spend {rates['spend_amount']:.0f}", "zh": f"平均消费{rates['spend_amount']:.0f}"}[language]
        )
    if not traits:
        return meaning
    return f"{meaning}: {', '.join(traits)}" if language == "en" else f"{meaning}：{'，'.join(traits)}"


def _trait(feature: Words, off: float, rate: float | None, language: str, unit: str) -> str:
    name = getattr(feature, language)
    if unit == "odds":
        return f"{name} {rate:.0%}" if language == "en" else f"{name}{rate:.0%}"
    if language == "en":
        return f"{name} {'above' if off > 0 else 'below'} the mean ({off:+.1f} sd)"
    return f"{name}{'偏高' if off > 0 else '偏低'}（{off:+.1f}个标准差）"


def _joined(one: str, other: str, language: str) -> str:
    return f"{one} ({other})" if language == "en" else f"{one}（{other}）"
