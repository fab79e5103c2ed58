"""A file of strategies as it is written. Each key says what to write there: errors and the guide's table quote it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr, model_validator

from mend.repair.strategies.fields import (
    ByCity,
    ByLevel,
    Chinese,
    Code,
    English,
    Limit,
    Points,
    Share,
    Whole,
    parts_of_a_year,
)

Day = Annotated[dt.date, Field(strict=True)]
Days = Annotated[int, Field(strict=True, ge=1, le=366)]
Months = Annotated[int, Field(strict=True), AfterValidator(parts_of_a_year)]
MonthOfYear = Annotated[int, Field(strict=True, ge=1, le=12)]
Name = Annotated[str, Field(strict=True, min_length=1, max_length=100)]
Channel = Literal["routing", "call", "sms", "rebate", "visit", "account_manager"]
Consent = Literal["none", "service", "commercial"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _has_values(cls, content: Any) -> Any:
        """A key with nothing after it is forgotten or meant: nobody knows."""
        empty = [key for key, value in content.items() if value is None] if isinstance(content, dict) else []
        if empty and (field := cls.model_fields.get(str(empty[0]))) is not None:
            raise ValueError(f"{empty[0]} has no value; write here: {field.description}")
        return content


def _key(en: str, zh: str, default: Any = ...) -> Any:
    """A key with what to write there, in English and Chinese. A default never changes: published lists are rebuilt from
    what their file says."""
    return Field(default, description=en, json_schema_extra={"zh": zh})


class PriorText(_Strict):
    lift_points: Points = _key("points of damage taken off where it works", "有效时可修复的积分")
    probability: Share = _key("how often it works, 0 to 1", "有效概率（0-1）")
    uncertainty: Annotated[float, Field(strict=True, ge=0, le=1000, allow_inf_nan=False)] = _key(
        "standard deviation of the expected points", "预期积分的标准差"
    )


class SampleText(_Strict):
    of: StrictStr = _key("who takes part in the draw: an expression like audience", "参与抽样的客户（表达式）")
    share: Share = _key("share that is drawn, 0 to 1", "抽中比例（0-1）")


class SeasonText(_Strict):
    """A theme as a list keeps it: all that it says of whom, when and by which channel."""

    from_month: MonthOfYear = _key("its first month, 1 to 12", "起始月（1-12）")
    until_month: MonthOfYear = _key("its last month, 1 to 12", "结束月（1-12）")
    audience: StrictStr = _key("whom the theme is for: an expression like audience", "主题适用客户（表达式）")
    done_by: Channel = _key("the channel of a strategy that gives it", "实施渠道")


class AmountText(_Strict):
    valid_from: Day = _key("first day of the amount, such as 2026-01-01; the days must rise", "生效日，须递增")
    amount: ByLevel = _key("whole yuan, or one number for each level 0 to 4", "金额（整数元），或按等级0-4分别填写")


class StrategyText(_Strict):
    name_en: English = _key("its name in English", "英文名称")
    name_zh: Chinese = _key("its name in Chinese", "中文名称")
    audience: StrictStr = _key(
        "who it is for: an expression over the audience columns", "适用客户：客户月度字段的表达式"
    )
    action_code: Code = _key("what is done: a code of the list repair_action", "修复动作代码（repair_action）")
    channel_code: Channel = _key("who does it: routing, call, sms, rebate, visit or account_manager", "渠道代码")
    consent_code: Consent = _key(
        "the consent it needs: none, service, or commercial for whatever promotes something",
        "所需同意：none、service或commercial",
    )
    is_entitlement: StrictBool = _key(
        "true for what the customer is owed: no gate, hold-out or capacity keeps it back",
        "客户应得的权益：不受准入、对照与名额限制",
        default=False,
    )
    capacity_per_day: Limit = _key(
        "customers a day in the whole centre, or unlimited; left out only with capacity_from",
        "全中心每日人数，或unlimited",
        default=None,
    )
    capacity_per_month: Limit = _key(
        "customers a month in the whole centre, or unlimited; left out only with capacity_from",
        "全中心每月人数，或unlimited",
        default=None,
    )
    capacity_from: Code | None = _key(
        "code of the strategy whose capacity it uses first, instead of one of its own",
        "占用哪个策略的名额（优先占用）",
        default=None,
    )
    city_capacity: ByCity | None = _key(
        "customers a month by city; default is every city that is not named",
        "各地市每月人数；default为其余地市",
        default=None,
    )
    cost: ByLevel = _key(
        "whole yuan for one customer, what they are given included; or a number for each level 0 to 4",
        "每位客户成本（元，含补偿），可按等级",
    )
    city_budget: ByCity | None = _key(
        "yuan a month by city; default is every city that is not named", "各地市每月预算（元）", default=None
    )
    authority_limit: ByLevel | None = _key(
        "the most yuan a customer may be given without a person's decision; or a number for each level 0 to 4",
        "授权额度（元），可按等级；超出须人工审批",
        default=None,
    )
    compensation: tuple[AmountText, ...] = _key(
        "what the customer is given, from which day on", "补偿金额及生效日", default=()
    )
    hold_out_share: Share = _key(
        "share of persons kept aside to measure the effect, 0 to 1", "对照比例（0-1）", default=0.0
    )
    valid_days: Days = _key("days that a list is valid, 1 to 366", "名单有效天数（1-366）")
    label_en: English = _key(
        "what the agent sees, in English: {happened} is what happened to the customer",
        "来电标签（英文），{happened}为客户遭遇",
    )
    label_zh: Chinese = _key("the same in Chinese", "来电标签（中文）")
    playbook_en: English = _key("what the agent does and says, in English", "应对话术（英文）")
    playbook_zh: Chinese = _key("the same in Chinese", "应对话术（中文）")
    message_en: English | None = _key(
        "channel sms alone: the message, with the words for opting out", "短信内容（英文），须含退订方式", default=None
    )
    message_zh: Chinese | None = _key("the same in Chinese", "短信内容（中文），须含退订方式", default=None)
    prior: PriorText = _key("the effect that is expected before there is history", "尚无历史时的预期效果")
    sample: SampleText | None = _key("who comes in by lot, with which probability", "随机抽样", default=None)
    season: Code | None = _key(
        "code of a seasonal theme of <home>/seasons/: given in its months only, to whom of the audience it is for",
        "季节主题代码：仅在主题月份内、仅限主题客户",
        default=None,
    )
    season_kept: SeasonText | None = _key(
        "left out: Mend writes here what the theme says, for a list to be made again from it",
        "无需填写：系统写入主题内容，供名单重建",
        default=None,
    )


class CapText(_Strict):
    most: Whole = _key("at most so many contacts of discretionary strategies", "最多次数")
    days: Days = _key("within so many days", "天数")


class FloorText(_Strict):
    least: Whole | None = _key("at least so many customers are listed", "最少名单人数", default=None)
    share: Share | None = _key("at least this share of the city's candidates is listed", "最低名单比例", default=None)


class SettingsText(_Strict):
    universal_hold_out_share: Share = _key(
        "share of persons kept aside from all discretionary care, 0 to 1", "全局对照比例（0-1）"
    )
    season_months: Months = _key(
        "months of a season, within which nobody changes arm: 1, 2, 3, 4, 6 or 12", "一个周期的月数"
    )
    seed: Name = _key("any text: another one draws other persons", "随机种子")
    worst_first_weight: Share = _key(
        "0 counts expected benefit alone, 1 the severity of damage alone", "短板优先权重：0只看收益，1只看受损程度"
    )
    floors: dict[str, FloorText] = _key(
        "fairness by city: {least: 200} or {share: 0.1}; default is every other city", "地市公平下限"
    )
    approvers: tuple[Name, ...] = _key(
        "users of Airflow who may approve a list; when nobody is named nobody can", "可审批的Airflow用户"
    )
    bias_bound_share: Share = _key(
        "largest difference of a group's listed share from all candidates' before a person must say why",
        "各群体入选比例与总体的最大差",
    )
    bias_least_candidates: Whole = _key(
        "groups with fewer candidates are shown and not judged", "少于此人数的群体只展示不判断"
    )
    caps: dict[Channel, CapText] = _key(
        "most contacts by channel, beside the contact rules of messages", "各渠道联系上限"
    )
    value_weights: dict[Literal["high", "normal", "low"], Whole] = _key(
        "weight of a customer's benefit in per cent by value cluster (who is cared for first, never a price)",
        "价值分群的收益权重（%）",
    )


class ExperienceText(_Strict):
    when: StrictStr = _key("an expression like audience", "表达式")
    en: English = _key("what happened, in English, as said to an agent", "客户遭遇（英文）")
    zh: Chinese = _key("the same in Chinese", "客户遭遇（中文）")


class WordsText(_Strict):
    en: English = _key("in English", "英文")
    zh: Chinese = _key("in Chinese", "中文")


class FileText(_Strict):
    valid_from: Day = _key("first day of the file, as in its name", "生效日，与文件名一致")
    source: StrictStr = _key("where the rules come from", "来源")
    settings: SettingsText = _key("settings of all campaigns", "全局设置")
    experiences: dict[Code, ExperienceText] = _key(
        "what happened in words, the worst first", "客户遭遇用语，最严重的在前"
    )
    otherwise: WordsText = _key("the words where none of them fits", "以上都不符合时的用语")
    strategies: dict[Code, StrategyText] = _key("the strategies by code", "策略")


# What stands under a key of a model; and the keys under which there are many of it.
HOLDS: Final[dict[tuple[type[BaseModel], str], type[BaseModel]]] = {
    (FileText, "settings"): SettingsText,
    (FileText, "experiences"): ExperienceText,
    (FileText, "otherwise"): WordsText,
    (FileText, "strategies"): StrategyText,
    (SettingsText, "floors"): FloorText,
    (SettingsText, "caps"): CapText,
    (StrategyText, "compensation"): AmountText,
    (StrategyText, "prior"): PriorText,
    (StrategyText, "sample"): SampleText,
    (StrategyText, "season_kept"): SeasonText,
}
MANY: Final = frozenset({"experiences", "strategies", "floors", "caps", "compensation"})
