"""docs/data-dictionary.md: every table and column of the lake, and the code lists."""

from __future__ import annotations

from typing import Final

from mend.docs import markdown
from mend.docs.pages import Page
from mend.foundation.schema import CODES, RECORDS, TABLES, Column, Record, Table
from mend.foundation.schema.model import LINEAGE

HEADER: Final = ("column", "type", "unit", "required", "domain", "personal", "English", "中文")
INTRODUCTION: Final = """\
Every table and column of the lake, as `include/mend/foundation/schema/` describes them: the lake, the parse gate,
the quality
rules and the simulator read the same description. The tables of the operations database have [a page of their
own](operations-database.md), the damage indicators [theirs](indicators.md).

Types: `timestamp` is an instant, stored in UTC; `date` is a day in the business zone; `decimal` has two places.
*Required* columns are never empty. *Domain* names the code list, range or pattern that a value must fit. *Personal*
columns are masked by `mend sql` and never stand in logs. A partition is what a run replaces as a whole."""
RECORDS_WORDS: Final = """\
What a source is mapped to (a source's YAML gives, for each contract column, where it comes from). Each record gives
two lake tables with these columns: the step `extract` writes every version that arrived, with where it came from, to
`raw_<record>`; the step `core` writes the one valid version of each key to `core_<record>`."""
LINEAGE_WORDS: Final = (
    "Every `raw_<record>` table has these besides its record's columns. The step `extract` fills them."
)
# Which step of the chain writes each table that is no record's.
WRITTEN_BY: Final = {
    "core_quarantine": "`extract` (what the parse gate rejects) and `quality`",
    "core_superseded": "`core`",
    "core_ticket_version": "`core`",
    "core_change": "`core`",
    "mart_damage_ledger": "`score`",
    "mart_misnamed_record": "`score`",
    "mart_exposure_day": "`score`",
    "mart_topic_handling_month": "`score`",
    "mart_indicator": "`score`, from the rule files",
    "mart_damage_month": "`close_month`; a month that is still open is worked out from the ledger when it is read",
    "mart_person_month": "`close_month`",
    "mart_closed_month": "`close_month`",
    "mart_indicator_month": "`close_month`",
    "mart_damage_list": "`damage_list`",
    "mart_survey_funnel": "`survey_report`",
    "mart_survey_measure": "`survey_report`",
    "mart_survey_refusal": "`survey_report`",
    "mart_grumble": "`grumbles`",
    "mart_complaint": "`grumbles`",
    "mart_grumble_type": "`grumbles`, from the taxonomy files",
    "mart_survey_item": "`grumbles`, from the taxonomy files",
    "mart_grumble_classifier": "`grumble_classifier`, monthly",
    "mart_customer_cluster": "`customer_clusters`, monthly",
    "mart_cluster_profile": "`customer_clusters`, monthly",
    "mart_association": "`association`, monthly",
    "mart_grumble_level": "`warnings`",
    "mart_warning": "`warnings`",
    "mart_warning_capacity": "`warnings`",
    "mart_warning_line": "`warnings`",
    "mart_routed_problem": "`warnings`",
    "mart_grumble_index": "`grumble_index`, monthly",
    "mart_grumble_correlation": "`grumble_index`, monthly",
    "mart_complaint_model": "`complaint_model`, monthly",
}


def data_dictionary() -> Page:
    """The page."""
    cores = [
        table
        for name, table in TABLES.items()
        if name.startswith("core_") and name.removeprefix("core_") not in RECORDS
    ]
    marts = [table for name, table in TABLES.items() if name.startswith("mart_")]
    text = markdown.page(
        "Data dictionary",
        INTRODUCTION,
        _contents(cores, marts),
        f"## Records\n\n{RECORDS_WORDS}",
        *(_record(record) for record in RECORDS.values()),
        f"### Lineage\n\n{LINEAGE_WORDS}\n\n{_columns(LINEAGE)}",
        "## Other core tables",
        *(_table(table) for table in cores),
        "## Marts",
        *(_table(table) for table in marts),
        "## Code lists",
        *(_codes(name) for name in CODES),
    )
    return Page("data-dictionary.md", text)


def _contents(cores: list[Table], marts: list[Table]) -> str:
    records = [
        (f"`raw_{name}`, `core_{name}`", _heading(record), record.en, record.zh) for name, record in RECORDS.items()
    ]
    tables = [(f"`{table.name}`", table.name, table.en, table.zh) for table in (*cores, *marts)]
    rows = [
        [markdown.link(names, f"#{markdown.anchor(heading)}"), en, zh] for names, heading, en, zh in (*records, *tables)
    ]
    return markdown.table(["table", "English", "中文"], rows)


def _heading(record: Record) -> str:
    return f"Record {record.name}"


def _record(record: Record) -> str:
    day = record.core.column(record.event_column)
    columns = record.columns if day in record.columns else (*record.columns, day)
    come = f", from `{record.event_source}` in the business zone" if record.event_source else ""
    facts = (
        f"{record.en} · {record.zh}. Key: {_listed(record.key)}. Day of the event: `{record.event_column}`{come}.\n\n"
        f"Partitions: `{record.raw.name}` by {_listed(record.raw.partition)}; `{record.core.name}` by "
        f"{_listed(record.core.partition)}."
    )
    return f"### {_heading(record)}\n\n{facts}\n\n{_columns(columns)}"


def _table(table: Table) -> str:
    facts = f"{table.en} · {table.zh}. Written by {WRITTEN_BY[table.name]}. Partition: {_listed(table.partition)}."
    return f"### {table.name}\n\n{facts}\n\n{_columns(table.columns)}"


def _columns(columns: tuple[Column, ...]) -> str:
    return markdown.table(HEADER, [_column(column) for column in columns])


def _column(column: Column) -> list[str]:
    required = "yes" if column.required else ""
    if column.default is not None:
        required = f"yes; {markdown.code(column.default)} when not mapped"
    personal = "yes" if column.personal else ""
    return [
        markdown.code(column.name),
        column.type,
        column.unit or "",
        required,
        _domain(column),
        personal,
        column.en,
        column.zh,
    ]


def _domain(column: Column) -> str:
    """The code list, pattern or range of a column, as words.

    >>> _domain(Column("tier", "integer", "Tier", "层级", min=1, max=3))
    '1 to 3'
    """
    if column.codes:
        return markdown.link(column.codes, f"#{markdown.anchor(column.codes)}")
    if column.pattern:
        return markdown.code(column.pattern)
    match column.min, column.max:
        case None, None:
            return ""
        case low, None:
            return f"{low:g} and more"
        case None, high:
            return f"up to {high:g}"
        case low, high:
            return f"{low:g} to {high:g}"
    return ""


def _codes(name: str) -> str:
    rows = [[markdown.code(code), en, zh] for code, (en, zh) in CODES[name].items()]
    return f"### {name}\n\n{markdown.table(['code', 'English', '中文'], rows)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(markdown.code(name) for name in names)
