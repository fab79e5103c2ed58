"""A file of playbooks as it is written. Each key says what to write there: the generated page quotes it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from mend.repair.strategies.fields import Chinese, Code, English

Day = Annotated[dt.date, Field(strict=True)]
Severity = Annotated[int, Field(strict=True, ge=1, le=4)]
Yuan = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _key(en: str, zh: str, default: Any = ...) -> Any:
    """A key with what to write there, in English and Chinese."""
    return Field(default, description=en, json_schema_extra={"zh": zh})


class LevelText(_Strict):
    en: English = _key("its name in English", "英文名称")
    zh: Chinese = _key("its name in Chinese", "中文名称")
    holders: tuple[Name, ...] = _key(
        "names of the people who have it; the lowest level has none, everybody else is there",
        "持有人；最低级不填，未列名者均属最低级",
        default=(),
    )


class LookText(_Strict):
    days: Annotated[int, Field(strict=True, ge=1, le=3660)] = _key("so many days back", "回看天数")
    grants: Annotated[int, Field(strict=True, ge=1)] = _key("so many compensations or more", "补偿次数达到")
    yuan: Annotated[int, Field(strict=True, ge=1)] = _key("or so many yuan or more", "或补偿金额达到（元）")


class SeverityText(_Strict):
    two: StrictStr = _key("when a case is moderate: a condition over the columns below", "何时为中等（表达式）")
    three: StrictStr = _key("when it is serious", "何时为严重")
    four: StrictStr = _key(
        "when it is critical; the highest that holds counts, else 1", "何时为重大；取最高者，否则为1"
    )


class LineText(_Strict):
    en: English = _key("the step in English", "步骤（英文）")
    zh: Chinese = _key("the step in Chinese", "步骤（中文）")
    from_severity: Severity = _key("from this severity on", "自哪一级起适用", default=1)


class PlaybookText(_Strict):
    failure_code: Code = _key("the type of failure: a code of the list failure_type", "问题类型（failure_type）")
    name_en: English = _key("its name in English", "英文名称")
    name_zh: Chinese = _key("its name in Chinese", "中文名称")
    when: StrictStr | None = _key(
        "which cases it is for: a condition; left out only for the last, which fits every case",
        "适用情形（表达式）；仅最后一个可不填",
        default=None,
    )
    least_severity: Severity = _key("a case of it is at least so severe", "最低严重程度", default=1)
    script_en: English = _key("what the agent says, in English", "话术（英文）")
    script_zh: Chinese = _key("the same in Chinese", "话术（中文）")
    steps: tuple[LineText, ...] = _key("what is done, in order", "处理步骤")
    alternative_en: English = _key("the remedy where the cause cannot be mended soon, in English", "替代方案（英文）")
    alternative_zh: Chinese = _key("the same in Chinese", "替代方案（中文）")
    compensation: Code = _key("a scale of `scales`", "补偿标准（scales中的一项）")


class FileText(_Strict):
    valid_from: Day = _key("first day in force, as in the file's name", "生效日，与文件名一致")
    source: Name = _key("where the playbooks come from", "来源")
    authority: dict[Code, LevelText] = _key("authority levels, the lowest first", "授权层级，由低到高")
    severity: SeverityText = _key("how severe a case is", "严重程度判定")
    look: LookText = _key("from when on a person looks at a customer's compensations", "何时需人工查看")
    scales: dict[Code, dict[Severity, dict[Code, Yuan]]] = _key(
        "yuan for one case, by severity and authority level", "单次补偿上限（元），按严重程度与授权层级"
    )
    playbooks: dict[Code, PlaybookText] = _key(
        "the playbooks, in the order in which they are tried", "预案，按匹配顺序"
    )


WORD_OF_SEVERITY: Final = {2: "two", 3: "three", 4: "four"}
