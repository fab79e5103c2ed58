"""`mend playbook`, `mend compensate`: what is said, done and given after a failure, and by whose authority."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import sys
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from mend.cli.arguments import Subparsers, add_command, count, day
from mend.cli.heads import heads
from mend.cli.home import prepare, require
from mend.cli.text import table
from mend.errors import CommandError, UsageError
from mend.foundation.home import Home
from mend.foundation.periods import local_day
from mend.foundation.schema import CODES

if TYPE_CHECKING:
    from mend.prevention.playbooks import Asked, Found, PlaybookSet

SHOWN: Final = (
    "request_key",
    "event_code",
    "about_code",
    "about_id",
    "amount",
    "acted_by",
    "level_code",
    "to_level_code",
)


def add(subparsers: Subparsers) -> None:
    """The commands and their arguments."""
    does = "say which playbook a ticket or customer has: what to say, do and give; alone: all playbooks"
    command = add_command(subparsers, "playbook", does, show)
    _add_case(command)
    command.add_argument("--day", type=day, metavar="YYYY-MM-DD", help="as of this day (default: today)")
    command.add_argument("--lang", choices=("en", "zh"), default="en")
    does = "ask for a compensation, decide on one, or show what a customer was given; all of it on record"
    command = add_command(subparsers, "compensate", does, compensate)
    _add_case(command)
    command.add_argument("--amount", type=count, metavar="YUAN", help="ask for so much for the case")
    command.add_argument("--grant", metavar="REQUEST", help="grant what waits for your level")
    command.add_argument("--decline", metavar="REQUEST", help="decline it")
    command.add_argument("--waiting", action="store_true", help="list what waits for a decision")
    command.add_argument("--as", dest="who", metavar="NAME", help="who, kept on record")
    command.add_argument("--reason", metavar="TEXT", help="why, kept on record")
    command.add_argument("--key", metavar="TEXT", help="names the request; the same key again changes nothing")
    command.add_argument("--lang", choices=("en", "zh"), default="en")


def _add_case(command: argparse.ArgumentParser) -> None:
    either = command.add_mutually_exclusive_group()
    either.add_argument("--ticket", metavar="FOLLOW_UP", help="a follow-up ticket")
    either.add_argument("--customer", metavar="CUSTOMER", help="a customer: by their call label, else their warning")


def show(arguments: argparse.Namespace, home: Home) -> None:
    """`mend playbook`."""
    from mend.prevention.playbooks import load_playbooks, playbooks_on

    require(home)
    versions = load_playbooks(home.root / "playbooks")
    on = arguments.day or local_day(_now(), home.zone)
    if not arguments.ticket and not arguments.customer:
        sys.stdout.write(_all_of(playbooks_on(on, versions), arguments.lang))
        return
    prepare(home)
    found = _cases(arguments, home, versions, on)
    sys.stdout.write("\n".join(_words(each, arguments.lang) for each in found))


def compensate(arguments: argparse.Namespace, home: Home) -> None:
    """`mend compensate`."""
    require(home)
    if home.as_of:
        raise CommandError(f"{home.root} shows {home.as_of.root} as of {home.as_of.day}: nothing is given in it")
    prepare(home)
    chosen = [bool(arguments.amount), bool(arguments.grant), bool(arguments.decline), arguments.waiting]
    if sum(chosen) > 1:
        raise UsageError("one of --amount, --grant, --decline, --waiting at a time")
    if arguments.amount:
        return _ask(arguments, home)
    if arguments.grant or arguments.decline:
        return _decide(arguments, home)
    if arguments.waiting:
        return _show_waiting(home)
    if arguments.customer:
        return _show_customer(arguments, home)
    raise UsageError(
        "say what: --ticket or --customer with --amount; --grant or --decline; --waiting; --customer alone"
    )


def _ask(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation import operations
    from mend.prevention.playbooks import ask, load_playbooks

    if not arguments.ticket and not arguments.customer:
        raise UsageError("--amount needs its case: --ticket FOLLOW_UP or --customer CUSTOMER")
    versions = load_playbooks(home.root / "playbooks")
    found = _cases(arguments, home, versions, local_day(_now(), home.zone))[0]
    with operations.transaction(home.database_url) as connection:
        asked = ask(connection, found, arguments.amount, _person(arguments, home), versions, arguments.key)
    sys.stdout.write(_said(asked, found, arguments.amount, arguments.lang))


def _decide(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation import operations
    from mend.prevention.playbooks import decide, load_playbooks

    key, is_granted = arguments.grant or arguments.decline, bool(arguments.grant)
    with operations.transaction(home.database_url) as connection:
        is_new = decide(connection, key, is_granted, _person(arguments, home), load_playbooks(home.root / "playbooks"))
    known = "" if is_new else " already; nothing changed"
    sys.stdout.write(f"request {key} is {'granted' if is_granted else 'declined'}{known}\n")


def _show_waiting(home: Home) -> None:
    from mend.foundation import operations
    from mend.prevention.playbooks import waiting

    with operations.transaction(home.database_url) as connection:
        rows = waiting(connection)
    sys.stdout.write(table(list(SHOWN), [_cells(row) for row in rows]) if rows else "nothing waits for a decision\n")


def _show_customer(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation import operations
    from mend.prevention.playbooks import given_to, history, load_playbooks

    with operations.transaction(home.database_url) as connection:
        rows = history(connection, arguments.customer)
        given = given_to(connection, arguments.customer, _now(), load_playbooks(home.root / "playbooks"))
    sys.stdout.write(table(list(SHOWN), [_cells(row) for row in rows]) if rows else "")
    sys.stdout.write(
        f"{given.grants} compensations, {given.yuan} yuan in {given.days} days{_look(given.is_look_due)}\n"
    )


def _cases(arguments: argparse.Namespace, home: Home, versions: list[PlaybookSet], on: dt.date) -> list[Found]:
    """The case that is asked about; CommandError when a customer has none."""
    from mend.foundation import operations
    from mend.foundation.periods import day_ends
    from mend.prevention.playbooks import of_customer, of_ticket

    with operations.transaction(home.database_url) as connection:
        if arguments.ticket:
            at = day_ends(on, home.zone) if getattr(arguments, "day", None) else _now()
            return [of_ticket(connection, arguments.ticket, at, versions)]
        found = of_customer(connection, arguments.customer, on, versions)
    if not found:
        raise CommandError(
            f"{arguments.customer} has no call label and no warning on {on}: name the case, --ticket FOLLOW_UP"
        )
    return found


def _words(found: Found, language: str) -> str:
    """A case's playbook as an agent reads it."""
    chosen = found.chosen
    playbook, zh = chosen.playbook, language == "zh"
    limits = "、".join if zh else ", ".join
    given = limits(
        f"{level.name(language)} {playbook.limit(chosen.severity, level.code)}" for level in found.playbooks.levels
    )
    steps = playbook.steps_at(chosen.severity, language)
    severity = f"{'严重程度' if zh else 'severity'} {chosen.severity}"
    about = CODES["playbook_about"][found.about_code][1] if zh else found.about_code
    lines = [
        f"{about} {found.about_id}: {playbook.name(language)} ({playbook.code}), {severity}",
        f"{'话术' if zh else 'say'}: {playbook.script(language)}",
        *(f"  {number}. {step}" for number, step in enumerate(steps, 1)),
        f"{'补偿上限（元）' if zh else 'may give (yuan)'}: {given}",
        f"{'替代方案' if zh else 'instead'}: {playbook.alternative(language)}",
    ]
    return "\n".join(lines) + "\n"


def _all_of(playbooks: PlaybookSet, language: str) -> str:
    rows = [
        [each.code, each.name(language), each.least_severity, each.scale_code, each.when.text if each.when else "*"]
        for each in playbooks.playbooks
    ]
    return table(heads(["code", "playbook", "least severity", "scale", "when"], language), rows)


def _said(asked: Asked, found: Found, amount: int, language: str) -> str:
    from mend.prevention.playbooks import NextLevel, Refused

    given, answer = asked.given, asked.answer
    before = f"{given.grants} compensations, {given.yuan} yuan in {given.days} days{_look(given.is_look_due)}"
    if isinstance(answer, Refused):
        return f"{amount} yuan: {answer.words(language)}; {found.chosen.playbook.alternative(language)}\n"
    known = "" if asked.is_new else " already; nothing changed"
    if isinstance(answer, NextLevel):
        who = found.playbooks.level(answer.level_code).name(language)
        said = f"over your authority: request {asked.key} waits for {who} ({answer.level_code}){known}"
    else:
        said = f"granted within your authority: request {asked.key}{known}"
    return f"{amount} yuan, {said}\nthe customer before: {before}\n"


def _look(is_due: bool) -> str:
    return ": a person looks at the history (nothing is withheld for it)" if is_due else ""


def _cells(row: Any) -> list[Any]:
    return ["" if row[name] is None else row[name] for name in SHOWN]


def _person(arguments: argparse.Namespace, home: Home) -> Any:
    from mend.prevention.playbooks import Person

    if not arguments.who or not arguments.reason:
        raise UsageError("say who and why: --as NAME --reason TEXT")
    at = _now().astimezone(ZoneInfo(home.zone))
    return Person(arguments.who.strip(), at, f"command, system user {getpass.getuser()}", arguments.reason)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
