"""docs/playbooks.md: the playbooks and promises shipped, what a file holds, and what a condition may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from mend.docs import markdown
from mend.docs.pages import Page
from mend.docs.strategies import holds, zh_of
from mend.foundation.schema import CODES
from mend.prevention.playbooks import PlaybookSet, load_playbooks
from mend.prevention.playbooks.cases import OF_A_CASE
from mend.prevention.playbooks.content import FileText, LevelText, LineText, LookText, PlaybookText, SeverityText
from mend.prevention.playbooks.playbook import Playbook
from mend.prevention.playbooks.promises import Guarantee, load_guarantees

INTRODUCTION: Final = """\
What is said, done and given after a failure (应急预案), as data: YAML files, one per version, in force from the day in
the file's name. Those shipped are in `include/mend/prevention/playbooks/rules/`; a home's own are in
`<home>/playbooks/`. A follow-up ticket, a call label and a warning each get the first playbook whose condition holds;
the last one fits every case. `mend playbook --ticket FOLLOW_UP` shows a ticket's.
预案即数据：每个版本一个YAML文件，自文件名所示日期起生效；自有文件放在`<home>/playbooks/`。按顺序取第一个符合条件的预案，最后一个适用于任何情形。"""
AUTHORITY: Final = """\
A limit holds for the whole case: what was given for it before counts with what is asked for. What is over a level's
limit waits for the lowest level that may decide (`mend compensate`); nobody decides on their own request, and
everything is on record in `compensation_grant`.
上限按单次事项累计计算；超出权限的逐级上报；任何人不得审批自己的申请；全部留痕。"""
CONDITIONS: Final = """\
`when` and `severity` are expressions over the [columns of a strategy's audience](strategies.md#audience--适用客户) and
these. What nobody knows of a case is not true: a call label knows nothing of a single ticket, a ticket nothing of
indicators."""
PROMISES: Final = """\
Promises to customers with their compensation, as data, in `include/mend/prevention/playbooks/promises/` and
`<home>/guarantee/`. `mend guarantee --month YYYY-MM` counts what they would have cost (`mart_guarantee_month`) before
anybody makes them. 服务保证：先测算、后承诺。"""
KEYS: Final[Mapping[str, type[BaseModel]]] = {
    "The file · 文件": FileText,
    "An authority level · 授权层级": LevelText,
    "Severity · 严重程度": SeverityText,
    "The look · 人工查看": LookText,
    "A playbook · 预案": PlaybookText,
    "A step · 步骤": LineText,
}


def playbooks() -> Page:
    """The page."""
    parts = [INTRODUCTION]
    for rules in load_playbooks():
        parts += _version(rules)
    for name, model in KEYS.items():
        parts += [f"## {name}", _keys(model)]
    parts += ["## Conditions · 条件", CONDITIONS, _columns()]
    parts += ["## Service guarantee · 服务保证", PROMISES, *(_promises(each) for each in load_guarantees())]
    return Page("playbooks.md", markdown.page("Playbooks · 应急预案", *parts))


def _version(rules: PlaybookSet) -> list[str]:
    header = ["", "code", "English", "中文", "failure", "case", "at least", "scale"]
    rows = [_row(place, each) for place, each in enumerate(rules.playbooks, 1)]
    scales = {each.scale_code: each.limits for each in rules.playbooks}
    levels = [f"{each.name_en} · {each.name_zh}" for each in rules.levels]
    limits = [
        [markdown.code(code), str(severity), *(str(limits[severity][each.code]) for each in rules.levels)]
        for code, limits in scales.items()
        for severity in limits
    ]
    return [
        f"## Shipped, from {rules.valid_from}",
        markdown.table(header, rows),
        "### Allowed compensation, yuan for one case · 补偿上限",
        AUTHORITY,
        markdown.table(["scale", "severity", *levels], limits),
        *(_words(each) for each in rules.playbooks),
    ]


def _row(place: int, each: Playbook) -> list[str]:
    case = markdown.code(each.when.text) if each.when else "every other"
    return [
        str(place), markdown.code(each.code), each.name_en, each.name_zh, CODES["failure_type"][each.failure_code][0],
        case, str(each.least_severity), markdown.code(each.scale_code),
    ]  # fmt: skip


def _words(each: Playbook) -> str:
    """A playbook as an agent reads it, in both languages."""
    lines = [f"### {each.name_en} · {each.name_zh}", f"{each.script_en}\n\n{each.script_zh}"]
    steps = "\n".join(
        f"{number}. {step.en}{f' *(severity {step.from_severity} and up)*' if step.from_severity > 1 else ''}\n"
        f"   {step.zh}"
        for number, step in enumerate(each.steps, 1)
    )
    return "\n\n".join([*lines, steps, f"Instead · 替代方案: {each.alternative_en} {each.alternative_zh}"])


def _keys(model: type[BaseModel]) -> str:
    rows = [
        [markdown.code(name), field.description or "", zh_of(field), "" if field.is_required() else "may be left out"]
        for name, field in model.model_fields.items()
    ]
    return markdown.table(["key", "what to write", "填写内容", ""], rows)


def _columns() -> str:
    rows = [[markdown.code(name), holds(column), column.en, column.zh] for name, column in OF_A_CASE.items()]
    return markdown.table(["column", "holds", "English", "中文"], rows)


def _promises(guarantee: Guarantee) -> str:
    rows = [
        [
            markdown.code(each.code), each.en, each.zh, markdown.code(each.of.text) if each.of else "all",
            f"{each.limit_seconds // 60}", str(each.yuan), str(each.most_per_month or ""),
        ]
        for each in guarantee.promises
    ]  # fmt: skip
    header = ["code", "English", "中文", "for which records", "minutes", "yuan", "most a month"]
    return f"Shipped, from {guarantee.valid_from}:\n\n" + markdown.table(header, rows)
