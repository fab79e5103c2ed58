"""Whether a complaint model is put in force: calibrated, better than a rate, and not worse than the one before.

Every reason is a difference or a ratio with its interval, on customers. What the data cannot show counts against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mend.grumbles.warning.calibration import Calibration, Range
from mend.grumbles.warning.judging import CalibrationLimits, Judging

IN_FORCE: Final = "in_force"
BEATEN: Final = "rate_by_type"
BASELINES: Final = {
    "rate_by_type": ("last month's rate by type", "上月分类型比率"),
    "recency_and_frequency": ("recency and frequency alone", "仅用最近与频次的模型"),
}


@dataclass(frozen=True)
class Decision:
    """Whether a version is promoted, and why, in words."""

    is_promoted: bool
    en: str
    zh: str


@dataclass(frozen=True)
class Rival:
    """Another model beside the judged one: its average precision on the same customers, the judged one's less it, and
    how well it is calibrated (None: not asked)."""

    precision: float
    difference: Range | None
    calibration: Calibration | None = None


def decide(judging: Judging, calibration: Calibration, precision: float, rivals: Mapping[str, Rival]) -> Decision:
    """Promoted unless badly calibrated, no better than the rate by type, or worse than recency and frequency alone or
    the version in force; or when there is too little data to say so."""
    reason = _miscalibrated(calibration, judging.calibration)
    for name in BASELINES:
        reason = reason or _against_baseline(name, rivals[name])
    before = rivals.get(IN_FORCE)
    if before is not None:
        reason = reason or _worse(judging, before)
    if reason:
        return Decision(False, f"kept back: {reason[0]}", f"不启用：{reason[1]}")
    against = "the version in force and both baselines" if before else "both baselines"
    against_zh = "现用模型与两个基线" if before else "两个基线"
    return Decision(
        True,
        f"promoted: average precision {precision:.4f} by customers, held against {against}; "
        f"observed over expected {calibration.ratio}, slope {calibration.slope}",
        f"启用：按客户平均精度{precision:.4f}，已与{against_zh}比较；"
        f"实际与预期之比{_zh(calibration.ratio)}，校准斜率{_zh(calibration.slope)}",
    )


def _miscalibrated(calibration: Calibration, limits: CalibrationLimits) -> tuple[str, str] | None:
    low, high = limits.close
    least, most = limits.possible
    for found, en, zh in (
        (calibration.ratio, "observed over expected", "实际与预期之比"),
        (calibration.slope, "calibration slope", "校准斜率"),
    ):
        if found is None:
            return f"too little data for the {en}", f"样本不足，无法估计{zh}"
        if found.high < low or found.low > high:
            return f"{en} {found} is outside {low} to {high}", f"{zh}{_zh(found)}超出{low}至{high}"
    ratio, slope = calibration.ratio, calibration.slope
    if ratio is not None and (ratio.low < least or ratio.high > most):
        return (
            f"too little data: observed over expected {ratio} may be outside {least} to {most}",
            f"样本不足：实际与预期之比{_zh(ratio)}可能超出{least}至{most}",
        )
    if slope is not None and slope.low <= 0:
        return f"too little data: calibration slope {slope} may be zero", f"样本不足：校准斜率{_zh(slope)}可能为零"
    return None


def _against_baseline(name: str, rival: Rival) -> tuple[str, str] | None:
    """The rate by type is what lists go by without a model: it must be beaten for certain. Recency and frequency are
    features of the model, too: where they are all there is to know, the two are alike."""
    (en, zh), found = BASELINES[name], rival.difference
    if found is not None and (found.low > 0 or (name != BEATEN and found.high >= 0)):
        return None
    words = ("not shown to be better than", "未能证明优于") if name == BEATEN else ("worse than", "劣于")
    return (
        f"{words[0]} {en}: average precision {_signed(found)}",
        f"{words[1]}{zh}：平均精度相差{_signed(found, zh=True)}",
    )


def _worse(judging: Judging, before: Rival) -> tuple[str, str] | None:
    """Certainly worse; or perhaps by more than may be lost, where the version in force is itself well calibrated."""
    found = before.difference
    if found is None:
        return (
            "no night that the version in force has not learned from",
            "没有现用模型未学习过的夜晚，无法比较",
        )
    if found.high < 0:
        return (
            f"worse than the version in force: average precision {_signed(found)}",
            f"劣于现用模型：平均精度相差{_signed(found, zh=True)}",
        )
    limits = judging.calibration
    is_out = before.calibration is not None and _miscalibrated(before.calibration, limits) is not None
    most = judging.ranking.most_loss * before.precision
    if found.low < -most and not is_out:
        return (
            f"may be worse than the version in force by more than {most:.4f}: average precision {_signed(found)}",
            f"可能比现用模型差{most:.4f}以上：平均精度相差{_signed(found, zh=True)}",
        )
    return None


def _signed(found: Range | None, zh: bool = False) -> str:
    if found is None:
        return "未知" if zh else "not measured"
    middle = "至" if zh else " to "
    return f"{found.value:+.4f} ({found.low:+.4f}{middle}{found.high:+.4f})"


def _zh(found: Range | None) -> str:
    return "未知" if found is None else f"{found.value:.2f}（{found.low:.2f}至{found.high:.2f}）"
