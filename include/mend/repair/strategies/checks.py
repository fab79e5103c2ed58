"""What the keys of a file of strategies must be to one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from mend.foundation.message_words import mistake_in
from mend.foundation.schema import CODES
from mend.repair.strategies.content import AmountText, FileText, StrategyText
from mend.repair.strategies.fields import LEVELS, UNLIMITED, check_city

MOST_STRATEGIES: Final = 60  # a strategy is a bit of a 64-bit integer in the gate ledger

MONTH_DAYS: Final = 31

# What these mean where a strategy's code may stand: the whole programme in an effect; the arm of the whole programme in
# the draw of the hold-out, which a strategy of that code would share.
TAKEN: Final = {"all": "the whole programme", "universal": "the universal hold-out arm"}


def mistake_of_file(content: FileText) -> str | None:
    """What is wrong with a file as a whole; None when nothing is."""
    if not 0 < len(content.strategies) <= MOST_STRATEGIES:
        return f"strategies: holds {len(content.strategies)}; write 1 to {MOST_STRATEGIES}"
    if taken := sorted(TAKEN.keys() & content.strategies.keys()):
        return f"strategies: {taken[0]}: this code stands for {TAKEN[taken[0]]}; give the strategy another code"
    for city, floor in content.settings.floors.items():
        try:
            check_city(city)
        except ValueError as error:
            return f"settings: floors: {error}"
        if (floor.least is None) == (floor.share is None):
            return f"settings: floors: {city}: write either least (a number) or share (of its candidates)"
    if missing := {"high", "normal", "low"} - content.settings.value_weights.keys():
        return f"settings: value_weights: {', '.join(sorted(missing))} is missing; name high, normal and low"
    approvers = content.settings.approvers
    if twice := sorted({each for each in approvers if approvers.count(each) > 1}):
        return f"settings: approvers: {', '.join(twice)} stands twice; keep it once"
    return None


def mistake_of_strategy(words: StrategyText, content: FileText) -> str | None:
    """What is wrong with a strategy; None when nothing is. The first check that finds something speaks."""
    checks = (
        _entitlement(words),
        _capacity(words, content),
        _amounts(words.compensation, content.valid_from),
        _money(words),
        _message(words),
        _label(words),
        _season(words),
    )
    if words.action_code not in CODES["repair_action"]:
        return f"action_code: there is no {words.action_code}; it is one of {', '.join(CODES['repair_action'])}"
    return next((mistake for mistake in checks if mistake is not None), None)


def _entitlement(words: StrategyText) -> str | None:
    if not words.is_entitlement:
        return None
    owed = "nothing may keep back what a customer is owed"
    if words.hold_out_share > 0:
        return f"hold_out_share: {words.hold_out_share} on an entitlement: {owed}; write 0, or is_entitlement: false"
    if words.sample is not None:
        return f"sample: a draw on an entitlement: {owed}; take it out, or write is_entitlement: false"
    if words.consent_code == "commercial":
        return f"consent_code: commercial on an entitlement: {owed}; write none or service"
    if words.authority_limit is not None:
        return f"authority_limit: a limit on an entitlement: {owed}; take it out"
    return None


def _capacity(words: StrategyText, content: FileText) -> str | None:
    own = {"capacity_per_day", "capacity_per_month"}
    given = own & words.model_fields_set
    if words.capacity_from is None:
        if missing := sorted(own - given):
            return f"{missing[0]}: is missing; write a whole number of customers, or {UNLIMITED}"
        return None
    if given or words.city_capacity is not None:
        return "capacity_from: uses another strategy's capacity and has one of its own; keep one of them"
    other = content.strategies.get(words.capacity_from)
    if other is None or other is words or other.capacity_from is not None:
        return f"capacity_from: {words.capacity_from} is no strategy with a capacity of its own; name one that has"
    if other.is_entitlement or not words.is_entitlement:
        return "capacity_from: an entitlement uses the capacity of a strategy that is none; nothing else does"
    if other.channel_code != words.channel_code:
        return (
            f"capacity_from: {words.capacity_from} has channel {other.channel_code}; name one on {words.channel_code}"
        )
    return None


def _amounts(amounts: Sequence[AmountText], first_day: dt.date) -> str | None:
    days = [each.valid_from for each in amounts]
    if days and days[0] > first_day:
        return f"compensation: begins on {days[0]}, the file on {first_day}; give an amount from {first_day} on"
    for earlier, later in pairwise(days):
        if later <= earlier:
            return f"compensation: {later} comes after {earlier}; write each day once, the earliest first"
    return None


def _money(words: StrategyText) -> str | None:
    for each in words.compensation:
        for level in LEVELS:
            if each.amount[level] > words.cost[level]:
                return (
                    f"cost: {words.cost[level]} yuan at level {level}, {each.amount[level]} yuan are given from "
                    f"{each.valid_from} on; cost holds what is given, write {each.amount[level]} or more"
                )
    if words.compensation and not words.is_entitlement and words.authority_limit is None:
        return "authority_limit: is missing; say how many yuan may be given without a person's decision"
    if words.compensation and not words.is_entitlement and words.city_budget is None:
        return "city_budget: is missing; say how many yuan a city may give, such as {default: 20000}"
    return None


def _message(words: StrategyText) -> str | None:
    for language, text in (("en", words.message_en), ("zh", words.message_zh)):
        if words.channel_code != "sms":
            if text is not None:
                return f"message_{language}: channel {words.channel_code} sends none; take it out"
            continue
        if text is None:
            return f"message_{language}: is missing; channel sms sends it"
        kind = "commercial" if words.consent_code == "commercial" else "service"
        if (mistake := mistake_in(text, language, kind)) is not None:
            return f"message_{language}: {mistake}; say how to opt out (STOP, 退订), and link nothing but in an offer"
    return None


def _season(words: StrategyText) -> str | None:
    if words.season is None:
        return None if words.season_kept is None else "season_kept: without a season; write season: the theme's code"
    if words.is_entitlement:
        return "season: a season on an entitlement: nothing may keep back what a customer is owed; take it out"
    if words.valid_days > MONTH_DAYS:
        return (
            f"valid_days: {words.valid_days} with a season: a list would outlive the month; write {MONTH_DAYS} or less"
        )
    if words.season_kept is not None and words.season_kept.done_by != words.channel_code:
        by = words.season_kept.done_by
        return f"season: {words.season} is done by {by}, the strategy by {words.channel_code}; write channel_code: {by}"
    return None


def _label(words: StrategyText) -> str | None:
    for language, text in (("en", words.label_en), ("zh", words.label_zh)):
        if "{happened}" not in text:
            return f"label_{language}: does not say what happened; write {{happened}} where it belongs"
    return None
