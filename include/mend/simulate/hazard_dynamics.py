"""How a day of the hazard world goes, forwards with luck (the world) and in expectation (the oracle)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Coefficients = Mapping[str, Mapping[str, Mapping[str, float]]]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NEVER: Final = -10_000  # the day of a grumble that never was; -NEVER is a day that never comes
ORACLE_SEED: Final = 20_260_401
MOST_TYPES: Final = 12


@dataclass(frozen=True)
class Turns:
    """What else may happen to grumbles. With all of it left out, a world goes as it always went.

    Args:
        complaint_ends: a complaint ends all open grumbles of its customer: they became the complaint.
        denied_after_complaint: share of a customer's solved grumbles (by type, grumbled within the window) of which
            they say on the day after a complaint that they are not solved, because they were asked then.
        reopened_rate: a day and solved grumble within the window: it is found not to be solved, and is open again.
        drift: added to the log odds of a complaint over 30 days, evenly.
    """

    complaint_ends: bool = False
    denied_after_complaint: float = 0.0
    reopened_rate: float = 0.0
    drift: float = 0.0

    def __post_init__(self) -> None:
        if self.denied_after_complaint and not self.complaint_ends:
            raise ValueError("denied_after_complaint goes with complaint_ends: what is denied is over by then")

    @property
    def has_words(self) -> bool:
        """Whether a solution may be taken back, so that one moment does not say how a grumble went."""
        return self.denied_after_complaint > 0 or self.reopened_rate > 0


PLAIN: Final = Turns()


@dataclass(frozen=True)
class Dynamics:
    """How a day goes: daily rates, and coefficients as an array (cluster, grumble type, complaint type)."""

    clusters: tuple[str, ...]
    coefficients: Floats
    intercepts: Floats  # (cluster, complaint type): log odds of a day without any grumble
    grumble_rates: Floats  # (cluster, grumble type)
    solved_rate: float
    churn_rate: float
    window_days: int

    def drifted(self, log_odds: float) -> Dynamics:
        """The same with another base rate."""
        return replace(self, intercepts=self.intercepts + log_odds)

    def hazards(self) -> Floats:
        """Daily probability of each complaint type: (cluster, pattern of open types as bits, complaint type)."""
        types = self.coefficients.shape[1]
        patterns = (np.arange(2**types)[:, None] >> np.arange(types)) & 1
        log_odds = self.intercepts[:, None, :] + np.einsum("pg,kgc->kpc", patterns, self.coefficients)
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    def probability(self, cluster: Ints, ages: Ints, horizon: int, complaint_type: int | None, paths: int) -> Floats:
        """Probability of a complaint within the horizon for customers in these states (ages of open grumbles; above the
        window: none).
        """
        if not len(cluster):
            return np.zeros(0)
        hazards = self.hazards()
        calm = 1 - hazards[:, :, complaint_type] if complaint_type is not None else (1 - hazards).prod(axis=2)
        left = np.clip(self.window_days - ages, 0, None)
        states, place = np.unique(np.column_stack([cluster, left]), axis=0, return_inverse=True)
        generator = np.random.default_rng(ORACLE_SEED)
        chance = np.zeros(len(states))
        step = max(1, 1_000_000 // paths)
        for start in range(0, len(states), step):
            part = np.repeat(states[start : start + step], paths, axis=0)
            chance[start : start + step] = self._paths(part, horizon, calm, generator).reshape(-1, paths).mean(axis=1)
        return np.asarray(chance[place.ravel()])

    def _paths(self, states: Ints, horizon: int, calm: Floats, generator: np.random.Generator) -> Floats:
        """One path from each state (cluster, days left of each type): probability of a complaint on it."""
        cluster, left = states[:, 0], states[:, 1:].astype(np.int16)
        bits = 1 << np.arange(left.shape[1])
        rates = self.grumble_rates[cluster].astype(np.float32)
        still = np.ones(len(cluster))
        alive = np.ones(len(cluster), dtype=bool)
        for _ in range(horizon):
            pattern = (left > 0) @ bits
            still *= np.where(alive, calm[cluster, pattern], 1.0)
            solved, grumbled = self.turn(generator, rates)
            left = np.where(solved, 0, np.maximum(left - 1, 0)).astype(np.int16)
            left[grumbled] = self.window_days
            alive &= generator.random(len(cluster), dtype=np.float32) >= self.churn_rate
        return np.asarray(1 - still)

    def turn(self, generator: np.random.Generator, rates: npt.NDArray[np.float32]) -> tuple[Any, Any]:
        """What a day does to the open grumbles of each customer and type: solved those that are open, and new grumbles.
        Never both.
        """
        luck = generator.random(rates.shape, dtype=np.float32)
        return luck >= np.float32(1 - self.solved_rate), luck < rates


def dynamics_of(
    coefficients: Coefficients,
    clusters: Mapping[str, float],
    effects: Mapping[str, float],
    grumble_rates: Mapping[str, float] | float,
    complaint_rate: float,
    solved_rate: float,
    churn_rate: float,
    window_days: int,
) -> tuple[Dynamics, tuple[str, ...], tuple[str, ...]]:
    grumble_types = tuple(sorted({grumble for planted in coefficients.values() for grumble in planted}))
    complaint_types = tuple(
        sorted({name for planted in coefficients.values() for each in planted.values() for name in each})
    )
    if len(grumble_types) > MOST_TYPES:
        raise ValueError(f"a hazard world takes {MOST_TYPES} grumble types at most, not {len(grumble_types)}")
    array = np.zeros((len(clusters), len(grumble_types), len(complaint_types)))
    for number, cluster in enumerate(clusters):
        for source in ("all", cluster):
            for grumble, each in coefficients.get(source, {}).items():
                for complaint, value in each.items():
                    array[number, grumble_types.index(grumble), complaint_types.index(complaint)] = value
    rate = np.array(
        [grumble_rates[name] if isinstance(grumble_rates, Mapping) else grumble_rates for name in grumble_types]
    )
    base = np.log(complaint_rate / (1 - complaint_rate)) + np.array([effects.get(name, 0.0) for name in clusters])
    dynamics = Dynamics(
        tuple(clusters),
        array,
        np.repeat(base[:, None], len(complaint_types), axis=1),
        np.repeat(rate[None, :], len(clusters), axis=0),
        solved_rate,
        churn_rate,
        window_days,
    )
    return dynamics, grumble_types, complaint_types


@dataclass(frozen=True)
class Logs:
    """What happened: `grumbles` (customer, type, day, day solved or -NEVER), `complaints` (customer, type, day), and
    `solutions` (customer, type, day), `denials` (customer, type, day, and the day before which a grumble came that is
    denied), and the day of churn of each customer.
    """

    grumbles: dict[str, Ints]
    complaints: dict[str, Ints]
    solutions: Ints
    denials: Ints
    churned: Ints


class _State:
    """Of each customer and type the day of the latest open grumble, and of the latest solved one (NEVER: none)."""

    def __init__(self, customers: int, types: int, window_days: int) -> None:
        self.open = np.full((customers, types), NEVER, dtype=np.int32)
        self.solved = np.full((customers, types), NEVER, dtype=np.int32)
        self.window_days = window_days

    def solve(self, solved: Any) -> None:
        self.solved[solved] = np.maximum(self.solved, self.open)[solved]
        self.open[solved] = NEVER

    def reopen(self, reopened: Any) -> None:
        self.open[reopened] = np.maximum(self.solved, self.open)[reopened]
        self.solved[reopened] = NEVER

    def is_solved_in_window(self, day: int) -> Any:
        return self.solved >= day - self.window_days

    def end(self, customers: Any) -> None:
        """A complaint ends all that was open, and what was solved before it is not opened again."""
        self.open[customers] = NEVER
        self.solved[customers] = NEVER


def simulate(
    generator: np.random.Generator,
    dynamics: Dynamics,
    cluster: Any,
    own: Floats,
    days: int,
    turns: Turns,
    drifts: Floats,
) -> Logs:
    """Go through the days. Order within a day: complaints, solved and reopened, churned, new grumbles. `drifts`: added
    to the log odds of a complaint on each day.
    """
    customers, types = len(cluster), dynamics.coefficients.shape[1]
    of_drift: dict[float, Floats] = {}
    bits = 1 << np.arange(types)
    rates = (dynamics.grumble_rates[cluster] * own[:, None]).astype(np.float32)
    state = _State(customers, types, dynamics.window_days)
    churned = np.full(customers, -NEVER, dtype=np.int64)
    grumbles, solutions, denials, complaints = [], [], [np.zeros((4, 0), dtype=np.int64)], []
    for day in range(days):
        alive, drift = churned >= day, float(drifts[day]) + turns.drift * day / 30
        if drift not in of_drift:
            of_drift = {drift: dynamics.drifted(drift).hazards()}
        hazards = of_drift[drift]
        pattern = (state.open >= day - dynamics.window_days) @ bits
        hit = (generator.random((customers, hazards.shape[2])) < hazards[cluster, pattern]) & alive[:, None]
        complaints.append(_events(hit, day))
        if turns.denied_after_complaint:
            asked = state.is_solved_in_window(day) & hit.any(axis=1)[:, None]
            denied = asked & (generator.random((customers, types)) < turns.denied_after_complaint)
            denials.append(_denials(denied, day + 1, day))
        if turns.complaint_ends:
            state.end(hit.any(axis=1))
        solved, grumbled = dynamics.turn(generator, rates)
        solved &= (state.open > NEVER) & alive[:, None]
        solutions.append(_events(solved, day))
        if turns.reopened_rate:
            luck = generator.random((customers, types)) < turns.reopened_rate
            reopened = luck & ~solved & state.is_solved_in_window(day) & alive[:, None]
            denials.append(_denials(reopened, day, day))
            state.reopen(reopened)
        state.solve(solved)
        churned[alive & (generator.random(customers) < dynamics.churn_rate)] = day
        grumbled &= (churned > day)[:, None]
        grumbles.append(_events(grumbled, day))
        state.open[grumbled] = day
    log = dict(zip(("customer", "type", "day"), np.concatenate(grumbles, axis=1), strict=True))
    said = np.concatenate(solutions, axis=1)
    log["solved"] = _solved_on(log, said, types)
    found = dict(zip(("customer", "type", "day"), np.concatenate(complaints, axis=1), strict=True))
    return Logs(log, found, said, np.concatenate(denials, axis=1), churned)


def _events(hit: Any, day: int) -> Ints:
    """Rows (customer, type, day) of a day's hits, as three lines."""
    customer, kind = np.nonzero(hit)
    return np.stack([customer, kind, np.full(len(customer), day)]).astype(np.int64)


def _denials(hit: Any, day: int, before: int) -> Ints:
    rows = _events(hit, day)
    return np.concatenate([rows, np.full((1, rows.shape[1]), before)])


def _solved_on(log: Mapping[str, Ints], solutions: Ints, types: int) -> Ints:
    """The first solution of the customer and type after each grumble's day; a day far away when there is none."""
    span = -2 * NEVER
    keys = np.sort((solutions[0] * types + solutions[1]) * span + solutions[2])
    wanted = (log["customer"] * types + log["type"]) * span + log["day"]
    place = np.searchsorted(keys, wanted, side="right")
    found = keys[np.minimum(place, len(keys) - 1)] if len(keys) else wanted - 1
    fits = (place < len(keys)) & (found // span == wanted // span) if len(keys) else np.zeros(len(wanted), dtype=bool)
    return np.where(fits, found % span, -NEVER)
