"""Which sources cost more than their volume explains, in order: what is proven first, narrower sources before those
that they explain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from mend.foundation.statistics import holm
from mend.prevention.trouble.excess import Excess, excess, sums_of
from mend.prevention.trouble.reading import DIMENSIONS, UNKNOWN, WHOLE, Key, Read, Volume
from mend.prevention.trouble.rules import SourceRules

Basis = Literal["history", "dimension", "none"]
Verdict = Literal["worse", "high", "better", "low", "no_proof", "too_little_data", "not_known"]
Pairs = Mapping[tuple[Key, Key], tuple[int, int, int, int]]
PROVEN: Final = ("worse", "high")
NODE, TOPIC = "ivr_node", "topic"


@dataclass(frozen=True)
class Source:
    """One source in the month, and what is said of it."""

    key: Key
    volume: Volume
    share: float | None
    basis: Basis
    verdict: Verdict
    complaints: int
    base_contacts: int | None = None
    excess: Excess | None = None
    adjusted_p_value: float = 1.0
    explained_by: Key | None = None
    rank: int | None = None
    is_top: bool = False

    @property
    def is_proven(self) -> bool:
        return self.verdict in PROVEN

    @property
    def beyond(self) -> float:
        """Points beyond the expected ones; without an expectation none."""
        return self.excess.points.estimate if self.excess else 0.0


def judge(read: Read, rules: SourceRules, pairs_of: Callable[[Sequence[Key]], Pairs]) -> list[Source]:
    """Every source of the month, those that could be tested with their rank.

    Args:
        pairs_of: what sources share with one another: those that are proven and, where a topic is, the menu nodes.
    """
    sources = [_measured(read, key, rules) for dimension in DIMENSIONS for key in read.sources(dimension)]
    sources = _with_verdicts(sources, rules)
    proven = {each.key for each in sources if each.is_proven}
    nodes = {each.key for each in sources if each.excess and each.key[0] == NODE}
    asked = proven | nodes if any(key[0] == TOPIC for key in proven) else proven
    if len(asked) > 1 and proven:
        pairs = pairs_of(sorted(asked))
        sources = _with_explanations(_with_carriers(sources, pairs, rules), pairs, rules)
    return _ranked(sources, rules.top)


def is_measured(read: Read, dimension: str) -> bool:
    """Whether any contact of the month says its source of this kind."""
    return any(code != UNKNOWN for _, code in read.sources(dimension))


def _measured(read: Read, key: Key, rules: SourceRules) -> Source:
    volume = read.volume(key)
    share = volume.thousandths / read.contact_thousandths if read.contact_thousandths else None
    source = Source(key, volume, share, "none", "not_known", read.complaints.get(key, 0))
    if key[1] == UNKNOWN:
        return source
    basis = _basis(read, key, rules)
    if basis is None:
        return replace(source, verdict="too_little_data")
    whole = (key[0], WHOLE)
    customers, days = (sums_of(sums[key], sums[whole]) for sums in (read.customers, read.days))
    found = excess(customers, days, basis, rules.confidence, rules.least_contacts)
    base = customers.totals["m" if basis == "history" else "w"]
    return replace(source, basis=basis, verdict="no_proof", base_contacts=int(base), excess=found)


def _basis(read: Read, key: Key, rules: SourceRules) -> Literal["history", "dimension"] | None:
    """Its own months before; of a source that is new, and in a first month, all of its kind. None: too little data."""
    own, whole = read.customers.get(key), read.customers.get((key[0], WHOLE))
    if own is None or whole is None or own["n"] < rules.least_contacts:
        return None
    if own["m"] >= rules.least_contacts:
        return "history"
    is_new = own["m"] == 0 and own["q"] == 0
    return "dimension" if is_new and own["n"] < whole["n"] else None


def _with_verdicts(sources: Sequence[Source], rules: SourceRules) -> list[Source]:
    """Holm's correction over all sources that are tested, for what is worse and for what is better."""
    tested = [(each.key, each.excess) for each in sources if each.excess]
    keys = [key for key, _ in tested]
    worse = dict(zip(keys, holm([found.p_worse for _, found in tested]), strict=True))
    better = dict(zip(keys, holm([found.p_better for _, found in tested]), strict=True))
    return [
        replace(
            each,
            adjusted_p_value=worse[each.key],
            verdict=_verdict(each, worse[each.key] < rules.alpha, better[each.key] < rules.alpha),
        )
        if each.excess
        else each
        for each in sources
    ]


def _verdict(source: Source, is_worse: bool, is_better: bool) -> Verdict:
    if not is_worse and not is_better:
        return "no_proof"
    if source.basis == "history":
        return "worse" if is_worse else "better"
    return "high" if is_worse else "low"


def _with_carriers(sources: Sequence[Source], pairs: Pairs, rules: SourceRules) -> list[Source]:
    """Menu nodes that carry the rise of a proven topic are proven, too: of a node with most of the topic's excess it is
    asked again whether it became worse, and now only among the nodes of that topic (Holm). No topic is proven in a
    month without news but with the chance that all sources have together, so this adds no false alarm of its own.
    """
    by_key = {each.key: each for each in sources}
    chances: dict[Key, float] = {}
    for topic in (each for each in sources if each.is_proven and each.key[0] == TOPIC):
        nodes = [
            (by_key[other], found)
            for (key, other), shared in pairs.items()
            if key == topic.key and other[0] == NODE and shared[0] > 0 and (found := by_key[other].excess)
        ]
        adjusted = holm([found.p_worse for _, found in nodes])
        for (node, _), chance in zip(nodes, adjusted, strict=True):
            if node.basis == "history" and not node.is_proven and _carries(node, topic, pairs, rules):
                chances[node.key] = min(chances.get(node.key, 1.0), max(chance, topic.adjusted_p_value))
    return [
        replace(each, verdict="worse", adjusted_p_value=chances[each.key])
        if chances.get(each.key, 1.0) < rules.alpha
        else each
        for each in sources
    ]


def _carries(node: Source, topic: Source, pairs: Pairs, rules: SourceRules) -> bool:
    """Whether a node has most of a topic's excess, and fewer contacts than the topic."""
    shared = pairs.get((topic.key, node.key))
    if shared is None or node.volume.contacts > topic.volume.contacts:
        return False
    return _beyond(topic, shared, rules.least_contacts) >= rules.explained_share * topic.beyond


def _with_explanations(sources: Sequence[Source], pairs: Pairs, rules: SourceRules) -> list[Source]:
    proven = {each.key: each for each in sources if each.is_proven}
    return [
        replace(each, explained_by=_explanation(each, proven, pairs, rules)) if each.is_proven else each
        for each in sources
    ]


def _explanation(source: Source, proven: Mapping[Key, Source], pairs: Pairs, rules: SourceRules) -> Key | None:
    """The narrower source in which most of this one's excess is; of a topic a menu node before any other."""
    found = []
    for (key, other), shared in pairs.items():
        if key != source.key or other not in proven or not _is_narrower(proven[other], source, pairs, rules):
            continue
        within = _beyond(source, shared, rules.least_contacts)
        if within >= rules.explained_share * source.beyond:
            is_other = (source.key[0], other[0]) != (TOPIC, NODE)
            found.append((is_other, -within, -_density(proven[other]), DIMENSIONS.index(other[0]), other[1], other))
    return min(found)[-1] if found else None


def _is_narrower(one: Source, other: Source, pairs: Pairs, rules: SourceRules) -> bool:
    """More points beyond the expected a contact. A menu node and a topic are held by their contacts instead: of a node
    the points of its own stage are compared, of a topic all, which hit it in the agents' calls as well."""
    if (one.key[0], other.key[0]) == (NODE, TOPIC) and _carries(one, other, pairs, rules):
        return True
    if (one.key[0], other.key[0]) == (TOPIC, NODE) and _carries(other, one, pairs, rules):
        return False
    return _density(one) > _density(other)


def _beyond(source: Source, shared: tuple[int, int, int, int], least: int) -> float:
    """Thousandths beyond the expected ones of the contacts that two sources share: at their own rate in the months
    before where there are enough of them, else at the source's."""
    n, p, m, q = shared
    assert source.excess is not None
    is_enough = source.basis == "history" and m >= least
    rate = q / m if is_enough else source.excess.expected / max(1, source.volume.contacts)
    return p - rate * n


def _density(source: Source) -> float:
    return source.beyond / max(1, source.volume.contacts)


def _ranked(sources: Sequence[Source], top: int) -> list[Source]:
    """What is proven first, by points beyond the expected ones, then what others explain; then the rest."""
    tested = [each for each in sources if each.excess]
    ordered = sorted(tested, key=_place)
    ranks = {each.key: rank for rank, each in enumerate(ordered, 1)}
    ranked = [
        replace(each, rank=ranks[each.key], is_top=each.is_proven and ranks[each.key] <= top) if each.excess else each
        for each in sources
    ]
    return sorted(ranked, key=lambda each: (each.rank is None, each.rank or 0, DIMENSIONS.index(each.key[0]), each.key))


def _place(source: Source) -> tuple[int, float, float, int, str]:
    """What is not proven stands by how unlikely it is: a lead, no more."""
    group = 2 if not source.is_proven else int(source.explained_by is not None)
    chance = source.excess.p_worse if source.excess and group == 2 else 0.0
    return group, chance, -source.beyond, DIMENSIONS.index(source.key[0]), source.key[1]
