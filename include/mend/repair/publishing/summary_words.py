"""The words of an approval summary, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

CHECKS: Final = {
    "sum": (
        "candidates = listed + held out + deferred + each first reason",
        "候选 = 入选 + 对照 + 顺延 + 各首个拦截原因",
    ),
    "counts": ("the version's counts are those of its rows", "版本计数与明细一致"),
    "cost": ("the version's cost is that of its rows", "版本成本与明细一致"),
    "overload": ("entitlements over the capacity are marked", "超产能权益已标记"),
    "no_candidate": ("every listed customer is a candidate", "名单客户均为候选客户"),
    "outcome": ("listed candidates have rows, and no others", "入选候选均有明细"),
    "held_out": ("nobody held out has discretionary care", "对照客户无自选修复"),
    "twice": ("one discretionary row a customer", "每位客户至多一条自选修复"),
    "days": ("every planned day is within the validity", "计划日期均在有效期内"),
}
WHAT_IF: Final = {
    "comes": ("customers who come", "新进客户"),
    "goes": ("customers who go", "移出客户"),
    "changes": ("customers who get something else", "动作变化客户"),
    "cost": ("cost in yuan, more or less", "成本增减（元）"),
    "benefit": ("expected points, more or less", "预期收益增减（分）"),
    "without_action": ("customers without any action, more or less", "没有任何动作的客户增减"),
}
TEXT: Final[dict[str, tuple[str, str]]] = {
    "title": ("Repair campaign {month}, version {version}", "修复活动 {month} 第{version}版"),
    "counts": (
        "{candidates} candidates: {listed} listed, {held_out} held out, {deferred} deferred, {gated} gated",
        "候选 {candidates}：入选 {listed}，对照 {held_out}，顺延 {deferred}，未通过准入 {gated}",
    ),
    "money": (
        "Cost {cost} yuan; expected benefit {benefit} points, {gap:.4%} under the proven bound",
        "成本 {cost} 元；预期收益 {benefit} 分，距已证上界 {gap:.4%}",
    ),
    "overload": ("{count} rows are owed and over the capacity", "{count} 条权益超出产能"),
    "bias": ("Shares of candidates listed (bound {bound:.1%})", "各群体入选比例（界限 {bound:.1%}）"),
    "stop": (
        "**The bias check stops the approval** until you write why these groups may differ: {groups}",
        "**偏差检查未通过**：请说明以下群体差异的理由后方可审批：{groups}",
    ),
    "unsure": ("Too few candidates to tell, look for yourself: {groups}", "样本不足，请人工判断：{groups}"),
    "failed": ("**A check failed: this list cannot be approved**", "**检查未通过，不能审批**"),
    "first": ("There is no list of the month before", "无上月名单可比"),
}  # fmt: skip
HEADS: Final[dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    "counts": (
        ("strategy", "channel", "rows", "owed", "overload", "yuan", "cities"),
        ("策略", "渠道", "条数", "权益", "超产能", "成本（元）", "地市数"),
    ),
    "changes": (
        ("strategy", "rows", "before", "on both", "yuan", "before"),
        ("策略", "条数", "上期", "两期均有", "成本（元）", "上期"),
    ),
    "bias": (
        ("group", "candidates", "listed", "share (95 %)", "from all (95 %)", ""),
        ("群体", "候选", "入选", "比例（95%）", "与总体差（95%）", ""),
    ),
    "gated": (("first reason", "customers"), ("首个拦截原因", "客户数")),
    "what_if": (("under other rules", ""), ("其他规则试算", "")),
    "checks": (("check", ""), ("检查", "")),
}
TITLES: Final = {
    "changes": ("Change against {earlier}", "与{earlier}相比"),
    "gated": ("Gated", "未通过准入"),
    "what_if": ("What if", "试算"),
    "checks": ("Checks", "检查"),
}
