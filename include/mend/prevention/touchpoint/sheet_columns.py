"""The owner's sheet: its pages and their columns, by which it is written, explained and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Holds = Literal["code", "text", "score", "day", "figure"]


@dataclass(frozen=True)
class SheetColumn:
    """A column of the sheet.

    Args:
        holds: a code of the list `codes` or of the sheet's own making; a text; a score of 1 to 10; a day; a figure that
            is shown and not read.
        codes: the list that a code is of.
    """

    name: str
    en: str
    zh: str
    holds: Holds = "text"
    codes: str | None = None
    is_required: bool = True

    @property
    def is_read(self) -> bool:
        return self.holds != "figure"


TOUCHPOINTS: Final = "touchpoints"
RATINGS: Final = "ratings"
OWNERS: Final = "owners"
CODES_PAGE: Final = "codes"
GUIDE: Final = "read me"

PAGES: Final[Mapping[str, tuple[SheetColumn, ...]]] = {
    TOUCHPOINTS: (
        SheetColumn("touchpoint_code", "code of the touchpoint", "触点编码", "code"),
        SheetColumn("name_en", "name in English", "触点名称（英文）"),
        SheetColumn("name_zh", "name in Chinese", "触点名称"),
        SheetColumn("stage_code", "life-cycle stage", "生命周期阶段", "code", "stage"),
        SheetColumn("purpose_en", "purpose in English", "目的（英文）"),
        SheetColumn("purpose_zh", "purpose in Chinese", "目的"),
        SheetColumn("role_en", "role in the experience, in English", "体验中的作用（英文）"),
        SheetColumn("role_zh", "role in the experience, in Chinese", "体验中的作用"),
        SheetColumn("owner_id", "owner", "责任人", "code", "owner"),
        SheetColumn("department_code", "department in charge", "责任部门", "code", "department"),
        SheetColumn("measured_operating", "measured operating effectiveness", "实测运营有效性", "figure"),
        SheetColumn("measured_experience", "measured experience effectiveness", "实测体验有效性", "figure"),
    ),
    RATINGS: (
        SheetColumn("touchpoint_code", "code of the touchpoint", "触点编码", "code", "touchpoint"),
        SheetColumn("rater_id", "who rates", "评分人"),
        SheetColumn("kind_code", "owner, or panel of customers", "评分人类型", "code", "kind"),
        SheetColumn("rated_on", "day, such as 2026-01-31", "评分日期", "day"),
        SheetColumn("impact", "impact, 1 to 10", "影响度（1-10）", "score", is_required=False),
        SheetColumn("importance", "importance, 1 to 10", "重要度（1-10）", "score", is_required=False),
        SheetColumn("operating", "operating effectiveness, 1 to 10", "运营有效性（1-10）", "score", is_required=False),
        SheetColumn(
            "experience", "experience effectiveness, 1 to 10", "体验有效性（1-10）", "score", is_required=False
        ),
    ),
    OWNERS: (
        SheetColumn("owner_id", "code of the owner", "责任人编码", "code"),
        SheetColumn("en", "who it is, in English", "名称（英文）"),
        SheetColumn("zh", "who it is, in Chinese", "名称"),
    ),
}
KINDS: Final = {"owner": ("owner, of the company", "责任人（企业）"), "panel": ("panel of customers", "客户评审团")}
FIRST_ROW: Final = 3  # of what people fill in: above it the names, and what they mean
EXPLAINED: Final = (
    (
        "Touchpoint inventory: one row for each touchpoint, one row for each rating by a person on a day.",
        "触点盘点：每个触点一行；每人每次评分一行。",
    ),
    (
        "Row 1 holds the names by which the sheet is read back, row 2 says what they mean: leave both as they are.",
        "第1行为读取用的列名，第2行为说明，请勿修改。",
    ),
    (
        "Scores are whole numbers from 1 to 10. Leave a score empty when you do not know.",
        "评分为1到10的整数；不了解的留空。",
    ),
    (
        "What is measured stands in the last columns of the page touchpoints. It is shown, and not read back.",
        "实测值在touchpoints页最后两列，仅供参考，不读回。",
    ),
    (
        "Allowed codes stand on the page codes. A new owner goes on the page owners first.",
        "可用编码见codes页；新责任人先填owners页。",
    ),
    ("No merged cells, no formulas.", "请勿合并单元格，请勿使用公式。"),
)
