"""docs/strategies.md: what a file of strategies holds, what an audience may ask for, and what is shipped."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mend.docs import markdown
from mend.docs.pages import Page
from mend.repair.strategies import AUDIENCE_COLUMNS, Strategy, StrategySet, load_strategies
from mend.repair.strategies.audience import AudienceColumn
from mend.repair.strategies.content import HOLDS, FileText, SettingsText, StrategyText

INTRODUCTION: Final = """\
Who gets what, as data: the files are YAML, one per version, in force from the day in the file's name. Those shipped are
in `include/mend/repair/strategies/rules/`; a home's own are in `<home>/strategies/`. The comments of the
[shipped file](../include/mend/repair/strategies/rules/1990-01-01.yaml) say how to write one. A key with a default may
be left out; all others must be there.
修复策略即数据：每个版本一个YAML文件，自文件名所示日期起生效；自有文件放在`<home>/strategies/`。"""
AUDIENCE: Final = """\
`audience`, `sample: of` and `experiences: when` are expressions over these columns of a customer and month, with
`and`, `or`, `not`, `in`, `between`, `=`, `<>`, `<`, `<=`, `>`, `>=`, `is null`, `+`, `-`, `*`. What nobody knows is not
true. Besides, each indicator has a column that says whether it hit in the month: `hit_agt_01` for AGT-01
([indicators](indicators.md))."""


def strategies() -> Page:
    """The page."""
    parts = [
        INTRODUCTION,
        "## The file · 文件",
        _keys(FileText),
        "## Settings · 全局设置",
        _keys(SettingsText),
        "## A strategy · 策略",
        _keys(StrategyText),
        "## Audience · 适用客户",
        AUDIENCE,
        markdown.table(["column", "holds", "English", "中文"], _columns()),
        *(_version(rules) for rules in load_strategies()),
    ]
    return Page("strategies.md", markdown.page("Repair strategies · 修复策略", *parts))


def _keys(model: type[BaseModel], before: str = "") -> str:
    header = ["key", "what to write", "填写内容", "default"]
    return markdown.table(header, _rows(model, before))


def _rows(model: type[BaseModel], before: str = "") -> list[list[str]]:
    """A row for each key, and below it those that stand under it; sections of their own are left out."""
    rows = []
    for name, field in model.model_fields.items():
        rows.append([markdown.code(before + name), field.description or "", zh_of(field), _default(field)])
        below = HOLDS.get((model, name))
        if below is not None and below not in (SettingsText, StrategyText):
            rows += _rows(below, f"{before}{name}: ")
    return rows


def zh_of(field: FieldInfo) -> str:
    """What to write under a key, in Chinese."""
    extra: Any = field.json_schema_extra
    return str(extra["zh"])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    return "none" if field.default in (None, ()) else str(field.default).lower()


def _columns() -> list[list[str]]:
    shown = {name: column for name, column in AUDIENCE_COLUMNS.items() if not name.startswith("hit_")}
    return [[markdown.code(name), holds(column), column.en, column.zh] for name, column in shown.items()]


def holds(column: AudienceColumn) -> str:
    """What a column of a condition holds."""
    kind = column.kind
    if kind.codes is not None:
        return ", ".join(markdown.code(code) for code in sorted(kind.codes))
    if kind.name == "number":
        return f"number, {kind.least} to {kind.most}" if kind.most is not None else "number"
    return {"boolean": "yes or no", "text": "text"}[kind.name]


def _version(rules: StrategySet) -> str:
    header = ["code", "English", "中文", "audience", "channel", "consent", "owed", "hold-out"]
    return f"## Shipped, from {rules.valid_from}\n\n" + markdown.table(header, map(_strategy, rules.strategies))


def _strategy(strategy: Strategy) -> list[str]:
    return [
        markdown.code(strategy.code),
        strategy.name_en,
        strategy.name_zh,
        markdown.code(strategy.audience.text),
        strategy.channel_code,
        strategy.consent_code,
        "yes" if strategy.is_entitlement else "",
        f"{strategy.hold_out_share:.0%}" if strategy.hold_out_share else "none",
    ]
