"""The effect of an old campaign or a public data set: each arm of a file against its control."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mend.repair.effect import refusals
from mend.repair.effect.errors import EffectUsageError
from mend.repair.effect.estimates import Estimate, adjusted_p_values, estimate
from mend.repair.effect.file_table import FileColumns, FileTable, read_table
from mend.repair.effect.moments import Moments, moments_of_values
from mend.repair.effect.refusals import Refusal

if TYPE_CHECKING:
    import numpy as np

LEAST_UNITS: Final = 10  # an analyst may judge a small trial: its interval says how little it knows
# Names that say by themselves that nothing was done.
CONTROL: Final = re.compile(
    r"(no|none|nothing|without|control|controls|hold[ _-]?out|held[ _-]?out|placebo|untreated|baseline)([ _-].*)?"
    r"|.*[ _-](control|hold[ _-]?out|held[ _-]?out)|0|false|n|对照.*|.*对照组?|空白组?|未干预.*|无.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ArmEffect:
    """An arm against the control in one outcome."""

    outcome: str
    arm: str
    treated: Moments
    control: Moments
    is_share: bool
    found: Estimate
    adjusted_p_value: float


@dataclass(frozen=True)
class FileEffect:
    """All arms of a file against its control; or why they are not compared."""

    path: Path
    control: str
    is_control_by_name: bool
    shares: Mapping[str, float]
    arms: Mapping[str, int]
    effects: tuple[ArmEffect, ...]
    refusals: tuple[Refusal, ...]


def effect_of_file(
    path: Path, columns: FileColumns, control: str | None = None, shares: Mapping[str, float] | None = None
) -> FileEffect:
    """Compare every arm with the control.

    Args:
        control: the arm that got nothing; by default the one whose name says so, when exactly one does.
        shares: planned share of each arm (any weights); equal when not given.

    Raises:
        EffectUsageError, EffectError: as `read_table`; or no control can be told; or shares for other arms.
    """
    table = read_table(path, columns)
    arms = table.arms()
    chosen = control if control is not None else control_of(path, arms)
    if chosen not in arms:
        raise EffectUsageError(f"{path}: no arm {chosen}; the arms are {_listed(arms)}")
    planned = _planned(path, arms, shares)
    refused = _reasons(table, arms, chosen, planned)
    effects = () if refused else tuple(_effects(table, chosen))
    return FileEffect(path, chosen, control is None, planned, arms, effects, tuple(refused))


def control_of(path: Path, arms: Mapping[str, int]) -> str:
    """The arm whose name says that nothing was done.

    >>> control_of(Path("a.csv"), {"Mens E-Mail": 5, "No E-Mail": 5, "Womens E-Mail": 5})
    'No E-Mail'
    """
    found = [name for name in arms if CONTROL.fullmatch(name.strip())]
    if len(arms) > 1 and len(found) != 1:
        several = (
            f"{' and '.join(found)} may all be the control" if found else "no arm's name says that it is the control"
        )
        raise EffectUsageError(f"{path}: {several}; name it with --control, one of {_listed(arms)}")
    return found[0] if found else next(iter(arms))


def read_shares(text: str) -> dict[str, float]:
    """Planned shares as people write them; percent and any weights do.

    >>> read_shares("offered=95, held out=5")
    {'offered': 95.0, 'held out': 5.0}
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.rpartition("=")
        try:
            shares[name.strip()] = float(number.strip().removesuffix("%"))
        except ValueError:
            shares = {}
        if not name.strip() or not shares.get(name.strip(), 0) > 0:
            raise EffectUsageError(
                f"--ratio {text!r}: write each arm with its planned share, such as offered=95,held out=5"
            )
    return shares


def _planned(path: Path, arms: Mapping[str, int], shares: Mapping[str, float] | None) -> dict[str, float]:
    if shares is None:
        return {name: 1.0 / len(arms) for name in arms}
    if missing := [name for name in arms if name not in shares]:
        raise EffectUsageError(f"{path}: --ratio says nothing of {', '.join(missing)}; the arms are {_listed(arms)}")
    if absent := [name for name in shares if name not in arms]:
        raise EffectUsageError(f"{path}: --ratio names {', '.join(absent)}; the arms are {_listed(arms)}")
    return {name: shares[name] for name in arms}


def _reasons(table: FileTable, arms: Mapping[str, int], control: str, shares: Mapping[str, float]) -> list[Refusal]:
    if len(arms) < 2:
        return refusals.sizes(arms)
    found = refusals.sizes(arms, LEAST_UNITS) + refusals.ratio(arms, [shares[name] for name in arms])
    if found or table.baseline is None:
        return found
    before = {name: moments_of_values(table.baseline[table.arm == name]) for name in arms}
    figures = [refusals.difference_of(name, before[name], before[control]) for name in arms if name != control]
    names = {name: (f"baseline of {name}", f"{name}的基线") for name in arms}
    return refusals.balance(figures, names)


def _effects(table: FileTable, control: str) -> list[ArmEffect]:
    """Every arm in every outcome, corrected for having looked at all of them."""
    import numpy as np

    made: list[tuple[str, str, Moments, Moments, bool, Estimate]] = []
    for outcome, values in table.outcomes.items():
        is_share = bool(np.isin(values, (0.0, 1.0)).all())
        moments = {name: _moments(table, values, name) for name in table.arms()}
        for name in table.arms():
            if name != control:
                found = estimate(moments[name], moments[control], is_share)
                made.append((outcome, name, moments[name], moments[control], is_share, found))
    adjusted = adjusted_p_values([each[-1].interval.p_value for each in made])
    return [ArmEffect(*each, value) for each, value in zip(made, adjusted, strict=True)]


def _moments(table: FileTable, values: np.ndarray, arm: str) -> Moments:
    mask = table.arm == arm
    baseline = None if table.baseline is None else table.baseline[mask]
    return moments_of_values(values[mask], baseline)


def _listed(arms: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count:,})" for name, count in arms.items())
