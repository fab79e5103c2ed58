"""`mend grumble`: what a grumble is the moment it comes in. `mend key-points`, `mend key-point`: key grumble points,
their specialists and their work. `mend recording`, `mend recording-card`: recording alike.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mend.cli.arguments import Subparsers, add_command, month
from mend.cli.heads import heads
from mend.cli.home import require
from mend.cli.text import table
from mend.errors import UsageError
from mend.foundation.home import Home

AGREEMENT: Final = """
select
    comparison_code, center_code as center, coalesce(agent_id, '') as agent, coalesce(area_code, '') as area,
    pair_count as pairs, agent_count as agents, round(agreed_share, 3) as agreed, round(estimate, 3) as estimate,
    round(estimate_low, 3) as low, round(estimate_high, 3) as high, round(p_value, 4) as p, verdict_code
from agreement_file
where month = $month and ($agents or agent_id is null)
order by all"""
NOTHING: Final = {
    "en": "{month}: nothing is compared: run the step `recording_agreement` of `mend month`, or no grumble is coded\n",
    "zh": "{month}：没有可比较的记录：请先月结（mend month），或没有编码的抱怨\n",
}
ALL: Final = {"en": "all", "zh": "全部"}
ALL_AREAS: Final = {"": ("", ""), "unclassified": ("unclassified", "未分类")}
NAMES: Final = """
select grumble_type_code, name_{language} from type_file
where taxonomy_version = (select max(taxonomy_version) from type_file where taxonomy_version <= $day)"""


def add(subparsers: Subparsers) -> None:
    """The five commands."""
    parser = add_command(subparsers, "grumble", "say what a grumble is the moment it comes in", grumble)
    parser.add_argument("--customer", required=True, metavar="ID")
    parser.add_argument("--point", metavar="CODE", help="point or area of the taxonomy, or a source's code for one")
    parser.add_argument("--text", metavar="WORDS", help="the agent's note, read where no point is given")
    parser.add_argument("--at", metavar="MOMENT", help="when, such as 2026-03-05T10:30; now where it is left out")
    parser.add_argument("--city", metavar="CODE", help="as known now; the night's where it is left out")
    parser.add_argument("--channel", default="contact", metavar="KIND", help="contact or ticket")
    parser.add_argument("--mood", metavar="CODE", help="calm, annoyed or angry")
    parser.add_argument("--solved", default="untouched", metavar="STATE", help="how far it is solved")
    _language(parser)
    does = "show a month's key grumble points, their specialists, and the work done"
    parser = add_command(subparsers, "key-points", does, key_points)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    _language(parser)
    parser = add_command(subparsers, "key-point", "put work on a key grumble point on record", key_point)
    parser.add_argument("point", metavar="CODE")
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM", help="in which it is a key point")
    parser.add_argument("--cluster", default="all", metavar="CODE", help="of which it is one; everybody where left out")
    parser.add_argument("--duty", metavar="CODE", help="the duty that it was done under")
    parser.add_argument("--work", required=True, metavar="WORDS", help="what was done")
    parser.add_argument("--result", required=True, metavar="WORDS", help="what came of it")
    parser.add_argument("--by", required=True, metavar="NAME", help="who did it, kept on record")
    does = "show how far centres and agents agree in the grumbles that they recorded in a month"
    parser = add_command(subparsers, "recording", does, recording)
    parser.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    parser.add_argument("--agents", action="store_true", help="agents with enough notes, too")
    _language(parser)
    parser = add_command(subparsers, "recording-card", "show the judging rules for agents, or write the card", card)
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page to print")
    _language(parser)


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("en", "zh"), default="en")


def grumble(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.opening import open_home
    from mend.foundation.operations import transaction
    from mend.grumbles.incoming.reading import IncomingReader, Question
    from mend.grumbles.incoming.report import lines

    require(home)
    question = Question(
        arguments.customer,
        _moment(arguments.at, home),
        arguments.point,
        arguments.text,
        arguments.channel,
        arguments.city,
        arguments.mood,
        solved_state=arguments.solved,
        contacts_today=1 if arguments.channel == "contact" else 0,
    )
    open_home(home)
    with transaction(home.database_url) as connection:
        told = IncomingReader(home.root / "taxonomy").tell(connection, question)
    sys.stdout.write("".join(f"{line}\n" for line in lines(told, arguments.lang)))


def _moment(text: str | None, home: Home) -> dt.datetime:
    """In the business zone where none is said."""
    from zoneinfo import ZoneInfo

    if text is None:
        return dt.datetime.now(dt.UTC)
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--at {text!r} is no moment; write it as 2026-03-05T10:30") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(home.zone))


def key_points(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.grumbles.key_points import points, report, work

    require(home)
    specialists = points.specialists_of(home, arguments.month)
    with Workbench.open(home) as bench:
        found = points.key_points(home, bench, arguments.month)
        names = _names(bench, arguments.month, arguments.lang)
    done = work.work_of(home, arguments.month)
    if not found:
        sys.stdout.write(str(report.WORDS[arguments.lang]["none"]).format(arguments.month))
    else:
        rows = report.rows(found, specialists, done, names, arguments.lang)
        sys.stdout.write(table(report.header(arguments.lang), rows))
    said = [*report.work_lines(done, names, arguments.lang), *report.duty_lines(specialists, arguments.lang)]
    sys.stdout.write("".join(f"{line}\n" for line in said))


def key_point(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.pipeline.workbench import Workbench
    from mend.grumbles.key_points import points, work

    require(home)
    specialists = points.specialists_of(home, arguments.month)
    with Workbench.open(home) as bench:
        found = points.key_points(home, bench, arguments.month)
    own = work.Work(
        arguments.month,
        arguments.point,
        arguments.cluster,
        arguments.duty,
        arguments.work,
        arguments.result,
        arguments.by,
        dt.datetime.now(dt.UTC),
    )
    words = "on record" if work.record(home, specialists, found, own) else "on record already"
    sys.stdout.write(f"{own.point} ({own.cluster}), {own.month}: work by {own.by}: {words}\n")


def _names(bench: object, month_: str, language: str) -> dict[str, str]:
    from mend.foundation.periods import days_of
    from mend.foundation.pipeline.workbench import Workbench

    assert isinstance(bench, Workbench)
    bench.view("mart_grumble_type", as_name="type_file")
    return dict(bench.sql(NAMES.format(language=language), {"day": days_of(month_)[-1]}))


def recording(arguments: argparse.Namespace, home: Home) -> None:
    from mend.foundation.lake.filters import equal
    from mend.foundation.pipeline.workbench import Workbench
    from mend.foundation.schema import CODES
    from mend.foundation.source_words import source_words

    require(home)
    with Workbench.open(home) as bench:
        where = equal("month", arguments.month)
        bench.view("mart_recording_agreement", where=where, as_name="agreement_file")
        shown = bench.engine.run(AGREEMENT, {"month": arguments.month, "agents": arguments.agents})
        header, rows = [column[0] for column in shown.description], shown.fetchall()
        names = _names(bench, arguments.month, arguments.lang)
    said = source_words(home)
    if not rows:
        sys.stdout.write(NOTHING[arguments.lang].format(month=arguments.month))
        return
    place = 1 if arguments.lang == "zh" else 0
    for code, words in CODES["recording_comparison"].items():
        own = [
            [
                ALL[arguments.lang] if row[1] == "all" else said.name("center", row[1], arguments.lang), row[2],
                names.get(row[3], ALL_AREAS.get(row[3], (row[3], row[3]))[place]), *row[4:-1],
                CODES["recording_verdict"][row[-1]][place],
            ]
            for row in rows
            if row[0] == code
        ]  # fmt: skip
        if own:
            sys.stdout.write(f"\n{words[place]}\n{table(heads(_trimmed(header), arguments.lang), own)}")


def _trimmed(header: Sequence[str]) -> list[str]:
    return [*header[1:-1], "verdict"]


def card(arguments: argparse.Namespace, home: Home) -> None:
    from mend.grumbles.recording.card import card_page, card_text
    from mend.grumbles.recording.rules import load_rules, rules_on

    rules = rules_on(dt.datetime.now(dt.UTC).date(), load_rules(home.root / "rules" / "recording"))
    if arguments.html is None:
        sys.stdout.write(card_text(rules.card, arguments.lang))
        return
    arguments.html.write_text(card_page(rules.card, arguments.lang), "utf-8")
    sys.stdout.write(f"{arguments.html}: {len(rules.card.rules)} rules\n")
