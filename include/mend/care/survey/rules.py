"""Triggers, contact policy, questionnaires and templates as dated data: read, checked at load, and chosen by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mend.care.contact_rules.rules import Policy, check_policy
from mend.errors import BadConfigurationError
from mend.foundation import rules as dated
from mend.foundation.message_words import mistake_in

FOLDER: Final = Path(__file__).parent / "rules"
EVENT_FIELDS: Final = frozenset({"kind_code", "topic_code", "ticket_kind_code", "outcome_code", "city_code"})
LONGEST_DELAY: Final = 300  # "within 5 minutes"
Language = Literal["en", "zh"]
Consent = Literal["service", "commercial"]
Purpose = Literal["hang_up", "complex_question", "second_follow_up", "resurvey", "campaign", "progress"]


class SurveyRuleError(BadConfigurationError, ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the reason."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Questionnaire(_Strict):
    """What the digits and words of an answer mean. `scale` is the highest score, or None when no score is asked for."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    digits: dict[int, Literal["solved", "unsolved"]] = {}
    scale: Literal[5, 10] | None = None
    likert: dict[
        Literal["very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied"],
        int | Literal["solved", "unsolved", "unclear"],
    ] = {}

    @property
    def lowest(self) -> int:
        """The lowest score: 0 of 10, 1 of 5."""
        return 0 if self.scale == 10 else 1


class Template(_Strict):
    """A message's text in each language."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Trigger(_Strict):
    """What makes an event a message, and which."""

    purpose: Purpose
    when: dict[str, tuple[str, ...]]
    delay_seconds: int = Field(ge=0, le=LONGEST_DELAY)
    latest_seconds: int = Field(gt=0)
    valid_hours: int = Field(gt=0, le=24 * 14)
    share: float = Field(ge=0, le=1)
    consent: Consent
    promised: bool = False
    needs_consent: bool = True
    template: str
    questionnaire: str | None = None

    @field_validator("when")
    @classmethod
    def _known_fields(cls, when: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := when.keys() - EVENT_FIELDS:
            raise ValueError(f"an event has no {', '.join(sorted(unknown))}")
        if "kind_code" not in when:
            raise ValueError("a trigger names the kind of event it follows")
        return when


class TopicRule(_Strict):
    """When a topic deserves to be asked about: so many contacts, and so many points worse than all others together."""

    least_contacts: int = Field(default=200, ge=1)
    lower_by_points: float = Field(default=2.0, ge=0, le=100)


class RuleSet(_Strict):
    """All rules of one version."""

    valid_from: dt.date
    source: str = Field(min_length=1)
    policy: Policy
    questionnaires: dict[str, Questionnaire]
    templates: dict[str, Template]
    triggers: dict[str, Trigger]
    topics: TopicRule = TopicRule()

    @property
    def complex_topics(self) -> frozenset[str]:
        """The topics after which is asked whether the question is solved."""
        asking = (each for each in self.triggers.values() if each.purpose == "complex_question")
        return frozenset(topic for each in asking for topic in each.when.get("topic_code", ()))

    def text(self, trigger: str, language: str) -> str:
        """The text of a trigger's template in a language ('en' or 'zh')."""
        template = self.templates[self.triggers[trigger].template]
        return template.en if language == "en" else template.zh


def load_rules(extra_folder: Path | None = None) -> list[RuleSet]:
    """Every version, oldest first: those shipped, and those of `extra_folder` (one of the same day takes the shipped
    one's place).

    Raises:
        SurveyRuleError: naming file, rule and reason, when any file is broken.
    """
    return [read_rule_file(path) for path in dated.paths(FOLDER, extra_folder)]


def rules_on(day: dt.date, versions: Sequence[RuleSet]) -> RuleSet:
    """The version in force on that day. SurveyRuleError when it is before the first."""
    return dated.in_force(day, versions, "survey rules", SurveyRuleError)


def contact_policy(folder: Path, day: dt.date) -> Policy:
    """The contact policy in force on a day: for whoever asks the contact rules. `folder`: the home's own files."""
    return rules_on(day, load_rules(folder)).policy


def read_rule_file(path: Path) -> RuleSet:
    """Read and check one rule file."""
    rules = dated.read(path, RuleSet, SurveyRuleError)
    if (mistake := check_policy(rules.policy)) is not None:
        raise SurveyRuleError(f"{path}: policy: {mistake}")
    for name, trigger in rules.triggers.items():
        _check_trigger(str(path), name, trigger, rules)
    for name, questionnaire in rules.questionnaires.items():
        _check_questionnaire(str(path), name, questionnaire)
    return rules


def _check_trigger(file: str, name: str, trigger: Trigger, rules: RuleSet) -> None:
    if trigger.template not in rules.templates:
        raise SurveyRuleError(f"{file}: {name}: no template {trigger.template}")
    if trigger.questionnaire is not None and trigger.questionnaire not in rules.questionnaires:
        raise SurveyRuleError(f"{file}: {name}: no questionnaire {trigger.questionnaire}")
    if trigger.promised and trigger.consent == "commercial":
        raise SurveyRuleError(f"{file}: {name}: a commercial message is never a promised follow-up")
    if trigger.latest_seconds < trigger.delay_seconds:
        raise SurveyRuleError(f"{file}: {name}: latest_seconds is before delay_seconds")
    texts: Mapping[str, str] = rules.templates[trigger.template].model_dump()
    for language, text in texts.items():
        if (mistake := mistake_in(text, language, trigger.consent)) is not None:
            raise SurveyRuleError(f"{file}: {name}: {mistake}")


def _check_questionnaire(file: str, name: str, questionnaire: Questionnaire) -> None:
    for digit in questionnaire.digits:
        if questionnaire.scale is not None and questionnaire.lowest <= digit <= questionnaire.scale:
            raise SurveyRuleError(f"{file}: {name}: {digit} is a score and a word at once")
    for word, means in questionnaire.likert.items():
        if isinstance(means, int) and not (
            questionnaire.scale and questionnaire.lowest <= means <= questionnaire.scale
        ):
            raise SurveyRuleError(f"{file}: {name}: {word} means {means}, which is not on the scale")
