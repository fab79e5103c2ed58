"""Heads of tables in the language that was asked for, and what stands in their cells as yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

CHINESE: Final = {
    "no": "序号",
    "touchpoint": "触点",
    "stage": "阶段",
    "importance": "重要性",
    "operating": "运营有效性",
    "experience": "体验有效性",
    "quadrant": "象限",
    "action": "整改",
    "owner": "责任人",
    "due": "期限",
    "state": "状态",
    "moved": "变化",
    "words": "说明",
    "rank": "排名",
    "complaints": "投诉",
    "source": "来源",
    "department": "部门",
    "customer": "客户",
    "level": "等级",
    "percent_7_days": "7天概率（%）",
    "percent_30_days": "30天概率（%）",
    "new": "新增",
    "strategy": "策略",
    "expects": "客户期望",
    "does": "措施",
    "reasons": "原因",
    "center": "呼叫中心",
    "agent": "坐席",
    "area": "抱怨领域",
    "pairs": "样本数",
    "agents": "坐席数",
    "agreed": "一致率",
    "estimate": "估计",
    "low": "下限",
    "high": "上限",
    "p": "P值",
    "verdict": "结论",
    "code": "编码",
    "playbook": "应急预案",
    "least severity": "最低严重程度",
    "scale": "补偿标准",
    "when": "适用条件",
}


def heads(names: Sequence[str], language: str) -> list[str]:
    """
    >>> heads(["rank", "owner"], "zh"), heads(["rank"], "en")
    (['排名', '责任人'], ['rank'])
    """
    return [CHINESE.get(name, name) for name in names] if language == "zh" else list(names)


def cells(row: Sequence[Any], language: str) -> list[Any]:
    """
    >>> cells([True, 3, None], "zh"), cells([True], "en")
    (['是', 3, None], [True])
    """
    words = {True: "是", False: "否"}
    return [words[each] if language == "zh" and isinstance(each, bool) else each for each in row]
