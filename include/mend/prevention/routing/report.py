"""Problems in words, English and Chinese: whose they are, until when, and what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from mend.foundation.schema import CODES
from mend.foundation.source_words import SourceWords
from mend.foundation.yaml_text import read_yaml
from mend.prevention.routing.problem import DAY, HOUR, STEP, Event, Part, Place, Problem
from mend.prevention.routing.rules import EVERYWHERE, RoutingRules

FILE: Final = Path(__file__).parent / "words.yaml"
LANGUAGES: Final = ("en", "zh")


@cache
def _all_words() -> Mapping[str, Any]:
    return dict(read_yaml(FILE.read_text("utf-8")))


class Speaker:
    """Says things in one language, as of a moment in the business zone and by the people of the rules in force then."""

    def __init__(self, language: str, at: dt.datetime, zone: str, rules: RoutingRules, names: SourceWords) -> None:
        self.language, self.place, self.at = language, LANGUAGES.index(language), at
        self.zone, self.rules, self.names_of_codes = ZoneInfo(zone), rules, names

    def say(self, *path: str, **given: Any) -> str:
        """The words at that place of the file, filled."""
        found: Any = _all_words()
        for step in path:
            found = found[step]
        return str(found[self.place]).format(**given)

    def names(self, key: str) -> list[str]:
        """A list of words, such as the heads of columns."""
        return list(_all_words()[key][self.place])

    def code(self, words: str, code: str) -> str:
        """A code in words; of a company's own department as the home's words say it."""
        return str(CODES[words][code][self.place]) if code in CODES[words] else self.source(words, code)

    def source(self, kind: str, code: str) -> str:
        """A code that a source or the company named, in words."""
        return self.names_of_codes.name(kind, code, self.language)

    def city(self, code: str) -> str:
        """A city in words, or that it is all of them."""
        return self.say("everywhere") if code == EVERYWHERE else self.names_of_codes.say("city", code, self.language)

    def moment(self, at: dt.datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def length(self, time: dt.timedelta) -> str:
        """How long, in hours, from two days on in days."""
        if time < 2 * DAY:
            return self.say("hours", count=int(time / HOUR))
        return self.say("days", count=time.days)

    def where(self, problem: Problem) -> str:
        """City and source."""
        city, source = problem.details["city"], problem.details["source"]
        if source:
            kind, _, code = source.partition(":")
            return f"{self.say('kind', kind)} {self.source(kind, code)}"
        return self.city(str(city))

    def who(self, place: Place) -> str:
        """A place in words."""
        city = "" if place.city == EVERYWHERE else f" {self.city(place.city)}"
        level = self.code("routing_level", place.level)
        return f"{self.code('department', place.department)} ({level}{city})"

    def item(self, problem: Problem) -> str:
        return str(problem.details[f"item_{LANGUAGES[self.place]}"])

    def deadline(self, part: Part) -> str:
        """What is due until when, or since when it is overdue and with whom it is now."""
        due = part.due()
        if due is None:
            return self.say("done", state=self.say("state", part.state), day=self.moment(_ended(part)))
        kind = "answer" if part.acknowledged_at or part.answer_by < part.acknowledge_by else "acknowledge"
        waits = self.say("waits", who=", ".join(map(self.who, part.waits_for))) if part.waits_for else ""
        if part.is_overdue(self.at):
            who = self.rules.told_when_overdue(*part.place)
            return waits + self.say(f"{kind}_overdue", late=self.length(self.at - due), who=who)
        return waits + self.say(f"{kind}_by", due=self.moment(due), left=self.length(due - self.at))


def _ended(part: Part) -> dt.datetime:
    ended = part.answered_at or part.returned_at
    assert ended is not None
    return ended


def problems_of_month(problems: Sequence[Problem], month: str) -> list[Problem]:
    """Those that a month's figures opened, and those that were open then; what was over before it is left out."""
    return [each for each in problems if each.month <= month and not _was_over_before(each, month)]


def _was_over_before(problem: Problem, month: str) -> bool:
    measured = [each.month for each in problem.events if each.event_code == "measured"]
    return problem.is_over and bool(measured) and max(each or "" for each in measured) < month


def listed(
    problems: Sequence[Problem], department: str | None, speaker: Speaker
) -> tuple[list[str], list[list[Any]], int]:
    """Heads and rows of the list, a row a part; and how many are overdue."""
    rows, overdue = [], 0
    for problem in problems:
        for part in problem.current:
            if department not in (None, part.place.department):
                continue
            overdue += part.is_overdue(speaker.at)
            level = speaker.code("routing_level", part.place.level)
            city = "" if part.place.city == EVERYWHERE else f" {speaker.city(part.place.city)}"
            rows.append([
                problem.problem_id, speaker.item(problem), speaker.where(problem),
                speaker.code("department", part.place.department), f"{level}{city}",
                speaker.say("state", part.state), speaker.deadline(part),
            ])  # fmt: skip
    return speaker.names("columns"), rows, overdue


def month_table(rows: Sequence[Mapping[str, Any]], speaker: Speaker) -> tuple[list[str], list[list[Any]]]:
    """How departments dealt with their problems: heads and rows."""

    def share(row: Mapping[str, Any], part: str, whole: str) -> str:
        return speaker.say("of", part=row[part], all=row[whole])

    return speaker.names("month_columns"), [
        [
            speaker.code("department", row["department_code"]), row["routed_count"],
            share(row, "acknowledged_in_time_count", "acknowledge_due_count"),
            share(row, "answered_in_time_count", "answer_due_count"), row["overdue_count"],
            share(row, "moved_count", "measured_count"),
        ]
        for row in rows
    ]  # fmt: skip


def told(problem: Problem, speaker: Speaker) -> Iterator[str]:
    """One problem: what it is, whose, what is done at each level, and what happened."""
    details = problem.details
    title = speaker.say("title", id=problem.problem_id, item=speaker.item(problem), where=speaker.where(problem),
                        state=speaker.say("problem_state", problem.state))  # fmt: skip
    yield title + (speaker.say("round", number=problem.round_number) if problem.round_number > 1 else "")
    if details.get("linked_to"):
        yield speaker.say("linked", id=details["linked_to"])
    yield why(problem, speaker)
    names = ", ".join(str(each[LANGUAGES[speaker.place]]) for each in details["factors"])
    if names:
        yield speaker.say("factors", names=names)
    for part in problem.current:
        yield from _part(part, speaker)
    yield from (f"  {event_said(each, speaker)}" for each in problem.events)


def why(problem: Problem, speaker: Speaker) -> str:
    """The figures behind it, in words."""
    details = problem.details
    if details["measure"] == "damage":
        return str(details[f"words_{LANGUAGES[speaker.place]}"])
    ratios = {name: f"{details[name]:.2f}" for name in ("ratio", "low", "high")}
    given = {name: details[name] for name in ("now", "customers", "expected")}
    return speaker.say("grumbles", month=problem.month, **given, **ratios)


def _part(part: Part, speaker: Speaker) -> Iterator[str]:
    said = [speaker.say("state", part.state)] if part.is_living else []
    said.append(speaker.deadline(part))
    yield f"- {speaker.who(part.place)}, {speaker.say('role', part.role)}: {'; '.join(said)}"
    if part.measure_text:
        yield f"    {speaker.say('measure', words=part.measure_text)}"
    if part.is_living:
        for action in speaker.rules.department(part.place.department).actions_at(part.place.level):
            yield f"    · {action.zh if speaker.place else action.en}"


def event_said(event: Event, speaker: Speaker) -> str:
    """One thing that happened, in a line."""
    return "  ".join([*event_facts(event, speaker), *event_typed(event), event_by(event, speaker)])


def event_facts(event: Event, speaker: Speaker) -> list[str]:
    """What happened, when and where, in the speaker's language."""
    said = [speaker.moment(event.at), speaker.say("event", event.event_code)]
    if event.place:
        said.append(speaker.who(event.place))
    if event.to:
        said.append(f"→ {speaker.who(event.to)}")
    if event.event_code == "measured":
        said.append(f"{event.month}: {speaker.say('result', event.details['result'])}")
        numbers = {name: event.details[name] for name in ("now", "customers", "then", "customers_then")}
        ratios = {name: f"{event.details[name]:.2f}" for name in ("ratio", "low", "high")}
        said.append(speaker.say("figures", **numbers, **ratios))
    elif event.month:
        said.append(event.month)
    return said


def event_typed(event: Event) -> list[str]:
    """What the person wrote who did it, in whatever language."""
    return [each for each in (event.reason, event.measure_text) if each]


def event_by(event: Event, speaker: Speaker) -> str:
    """Who did it: a person's name, or the words for Mend's own step."""
    return speaker.say("by_step") if event.decided_by == STEP else event.decided_by
