"""How often centres record grumbles in like calls: the same topics, weighed alike; an agent's calls hang together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mend.foundation.statistics import critical_z, two_sided_p

Cell = tuple[str, str]  # agent, topic


@dataclass(frozen=True)
class Side:
    """Calls and those recorded as grumbles, of each agent and topic."""

    calls: Mapping[Cell, int]
    recorded: Mapping[Cell, int]

    def topics(self) -> dict[str, int]:
        """Calls of each topic."""
        found: dict[str, int] = defaultdict(int)
        for (_, topic), count in self.calls.items():
            found[topic] += count
        return found


@dataclass(frozen=True)
class Difference:
    """A centre's rate less the others', over the topics that both have; `calls` of the centre are in it.

    `agents`: the fewer of both sides. p-value and interval are of this one difference alone.
    """

    calls: int
    agents: int
    rate: float
    others_rate: float
    estimate: float
    low: float
    high: float
    p_value: float


def difference(own: Side, others: Side, least_calls: int, confidence: float) -> Difference | None:
    """The difference of the rates in like calls; None where no topic has calls enough on both sides, or one side has a
    single agent.

    Topics are weighed by the calls of both sides, so that a centre with other calls is not held to be one that records
    otherwise. The variance takes agents as they are: whoever records everything counts once, not in each of their
    calls.
    """
    mine, theirs = own.topics(), others.topics()
    topics = [topic for topic in mine if mine[topic] >= least_calls and theirs.get(topic, 0) >= least_calls]
    total = sum(mine[topic] + theirs[topic] for topic in topics)
    if not total:
        return None
    weights = {topic: (mine[topic] + theirs[topic]) / total for topic in topics}
    rate, variance, agents = _standardised(own, weights)
    other_rate, other_variance, other_agents = _standardised(others, weights)
    if min(agents, other_agents) < 2:
        return None
    error, estimate = math.sqrt(variance + other_variance), rate - other_rate
    reach = critical_z(confidence) * error
    p_value = two_sided_p(estimate / error) if error else (1.0 if estimate == 0 else 0.0)
    calls = sum(mine[topic] for topic in topics)
    return Difference(
        calls, min(agents, other_agents), rate, other_rate, estimate, estimate - reach, estimate + reach, p_value
    )


def _standardised(side: Side, weights: Mapping[str, float]) -> tuple[float, float, int]:
    """Rate, its variance by agent, and the agents."""
    calls, recorded = side.topics(), _sum(side.recorded.items())
    rates = {topic: recorded.get(topic, 0) / calls[topic] for topic in weights}
    residuals: dict[str, float] = defaultdict(float)
    for (agent, topic), count in side.calls.items():
        if topic in weights:
            over = side.recorded.get((agent, topic), 0) - rates[topic] * count
            residuals[agent] += weights[topic] * over / calls[topic]
    agents = len(residuals)
    spread = sum(each**2 for each in residuals.values())
    return (
        sum(weights[topic] * rates[topic] for topic in weights),
        agents / (agents - 1) * spread if agents > 1 else math.inf,
        agents,
    )


def _sum(cells: Iterable[tuple[Cell, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (_, topic), count in cells:
        found[topic] += count
    return found
