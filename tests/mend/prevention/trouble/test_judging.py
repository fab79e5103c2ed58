"""Which sources are proven, in which order, and which explain which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from mend.foundation.source_words import shipped_words
from mend.prevention.trouble.judging import Pairs, Source, judge
from mend.prevention.trouble.reading import Key, Read, Volume, Window
from mend.prevention.trouble.rules import rules_on
from mend.prevention.trouble.words import say_source

RULES = rules_on(dt.date(2026, 3, 1)).sources
WINDOW = Window("2026-03", ("2026-02",), ())
ALONE: Pairs = {}


def spread(contacts: int, points: int, before: int, points_before: int) -> dict[str, int]:
    """Sums of as many clusters as contacts, each with one contact; points of three each, in thousandths."""
    n, m, p, q = contacts, before, 1000 * points, 1000 * points_before
    sums = {"n": n, "p": p, "m": m, "q": q, "nn": n, "np": p, "pp": 3000 * p, "mm": m, "mq": q, "qq": 3000 * q}
    return sums | dict.fromkeys(("nm", "nq", "pm", "pq"), 0)


def read(sources: Mapping[Key, tuple[int, int, int, int]]) -> Read:
    """Sources with contacts and points of the month and of the month before; a cluster brings to one source alone."""
    own = {key: spread(*figures) for key, figures in sources.items()}
    sums: dict[Key, dict[str, int]] = {}
    crossed = dict(zip("npmq", "wvxy", strict=True))
    for (kind, code), of_source in own.items():
        whole = sums.setdefault((kind, ""), dict.fromkeys(of_source, 0))
        for name in of_source:
            whole[name] += of_source[name]
        pairs = {(a, b): of_source.get(a + b, of_source.get(b + a, 0)) for a in "npmq" for b in "npmq"}
        sums[kind, code] = of_source | {a + crossed[b]: value for (a, b), value in pairs.items()}
    months = {
        key: {"2026-03": Volume(n, 0, 1000 * p, 1000 * p, n), "2026-02": Volume(m, 0, 1000 * q, 1000 * q, m)}
        for key, (n, p, m, q) in sources.items()
    }
    total = sum(1000 * p for (kind, _), (_, p, _, _) in sources.items() if kind == next(iter(sources))[0])
    return Read(WINDOW, months, sums, sums, {}, [], total, (), 0)


def judged(sources: Mapping[Key, tuple[int, int, int, int]], pairs: Pairs = ALONE) -> dict[Key, Source]:
    return {each.key: each for each in judge(read(sources), RULES, lambda _: pairs)}


def verdicts(found: Mapping[Key, Source]) -> Sequence[tuple[str, str, bool]]:
    return [(each.key[1], each.verdict, each.is_top) for each in found.values()]


def test_what_is_worse_is_first_and_what_is_not_proven_is_not_of_the_top() -> None:
    found = judged(
        {
            ("city", "wuxi"): (1000, 500, 1000, 500),
            ("city", "suzhou"): (1000, 1000, 1000, 500),
            ("city", "nanjing"): (1000, 510, 1000, 500),
            ("city", "xuzhou"): (1000, 200, 1000, 500),
            ("city", "unknown"): (500, 500, 500, 10),
            ("city", "rare"): (20, 60, 20, 0),
        }
    )
    assert verdicts(found) == [
        ("suzhou", "worse", True),
        ("nanjing", "no_proof", False),
        ("wuxi", "no_proof", False),
        ("xuzhou", "better", False),
        ("rare", "too_little_data", False),
        ("unknown", "not_known", False),
    ]
    assert [each.rank for each in found.values()] == [1, 2, 3, 4, None, None]
    assert found["city", "suzhou"].beyond == 500_000


def test_the_narrower_source_stands_before_those_that_it_explains() -> None:
    """The topic costs 600 points more, and 550 of them in the node, which is a third of its contacts."""
    sources = {
        ("topic", "bill"): (3000, 1600, 3000, 1000),
        ("topic", "data"): (3000, 1000, 3000, 1000),
        ("ivr_node", "bill_menu"): (1000, 900, 1000, 350),
        ("ivr_node", "data_menu"): (1000, 350, 1000, 350),
    }
    shared = (1000, 900_000, 1000, 350_000)
    bill, menu = ("topic", "bill"), ("ivr_node", "bill_menu")
    found = judged(sources, {(bill, menu): shared, (menu, bill): shared})
    assert [each.key for each in found.values() if each.is_top] == [menu, bill]
    assert (found[bill].explained_by, found[menu].explained_by) == (menu, None)
    apart = (300, 250_000, 300, 100_000)  # only a small part of it
    found = judged(sources, {(bill, menu): apart, (menu, bill): apart})
    assert found[bill].explained_by is None


BILL, MENU = ("topic", "bill"), ("ivr_node", "bill_menu")
REST: dict[Key, tuple[int, int, int, int]] = {
    **{("topic", f"topic{number}"): (900, 300, 900, 300) for number in range(8)},
    **{("ivr_node", f"node{number}"): (400, 120, 400, 120) for number in range(8)},
    **{("plan", f"plan{number}"): (900, 300, 900, 300) for number in range(8)},
    **{("city", f"city{number}"): (900, 300, 900, 300) for number in range(8)},
}


def of_bill(
    node: tuple[int, int, int, int], shared: tuple[int, int, int, int], topic: tuple[int, int, int, int] | None = None
) -> dict[Key, Source]:
    """The topic costs 180 points more than in the month before; a menu node of its own, and what the two share."""
    points = tuple(1000 * each if place % 2 else each for place, each in enumerate(shared))
    pairs = {(BILL, MENU): points, (MENU, BILL): points}
    return judged({**REST, BILL: topic or (600, 360, 600, 180), MENU: node}, pairs)  # type: ignore[arg-type]


def test_a_node_that_carries_its_topics_rise_stands_first_though_alone_it_is_not_proven() -> None:
    """Of the node's own 45 points more luck over forty sources would explain some; in its topic it is the only one.
    Of the topic's 180 points more 110 are at the node's contacts."""
    found = of_bill((170, 95, 170, 50), (170, 160, 170, 50))
    assert [each.key for each in found.values() if each.is_top] == [MENU, BILL]
    assert (found[MENU].verdict, found[BILL].explained_by, found[MENU].explained_by) == ("worse", MENU, None)
    assert found[BILL].adjusted_p_value <= found[MENU].adjusted_p_value < RULES.alpha
    alone = judged({**REST, MENU: (170, 95, 170, 50)})
    assert alone[MENU].verdict == "no_proof"


def test_a_node_of_which_only_its_own_stage_counts_is_not_explained_by_its_topic() -> None:
    """Every contact of the topic is at the node, and hurts in the agents' stage as well: more points a contact are the
    topic's, and the node is what broke."""
    found = of_bill((590, 330, 590, 170), (590, 350, 590, 175))
    assert [each.key for each in found.values() if each.is_top] == [MENU, BILL]
    assert (found[BILL].explained_by, found[MENU].explained_by) == (MENU, None)


def test_a_topic_that_rises_elsewhere_stands_by_itself() -> None:
    """Of its 180 points more only 40 are at the node."""
    found = of_bill((170, 95, 170, 50), (170, 90, 170, 50))
    assert [each.key for each in found.values() if each.is_top] == [BILL]
    assert (found[BILL].explained_by, found[MENU].verdict) == (None, "no_proof")


def test_a_node_that_did_not_become_worse_itself_is_not_blamed_for_its_topic() -> None:
    """Most of the topic's excess is at its contacts, but not in its own stage."""
    found = of_bill((300, 95, 300, 90), (300, 200, 300, 90))
    assert [each.key for each in found.values() if each.is_top] == [BILL]
    assert (found[BILL].explained_by, found[MENU].verdict) == (None, "no_proof")


def test_a_menu_that_all_topics_pass_is_not_blamed_for_one_of_them() -> None:
    found = of_bill((6000, 2100, 6000, 1800), (600, 360, 600, 180))
    assert found[BILL].explained_by is None
    assert next(iter(found)) == BILL


def test_without_a_proven_topic_no_node_is_asked_again() -> None:
    asked: list[Sequence[Key]] = []

    def none(keys: Sequence[Key]) -> Pairs:
        asked.append(keys)
        return {}

    sources = judge(read({**REST, BILL: (600, 200, 600, 180), MENU: (170, 95, 170, 50)}), RULES, none)
    assert [each.key for each in sources if each.is_proven] == []
    assert asked == []


def test_where_it_is_mostly_is_said_in_both_languages() -> None:
    found = of_bill((170, 95, 170, 50), (170, 160, 170, 50))
    said = {language: say_source(found[BILL], RULES, shipped_words(), language) for language in ("en", "zh")}
    assert said["en"].endswith("; mostly at menu node bills")
    assert said["zh"].endswith("；主要在菜单节点账单")


def test_a_new_source_is_held_against_all_of_its_kind_and_one_with_little_history_is_not() -> None:
    found = judged(
        {
            ("ivr_node", "old_menu"): (2000, 1000, 2000, 1000),
            ("ivr_node", "new_menu"): (500, 900, 0, 0),
            ("ivr_node", "rare_menu"): (60, 200, 12, 1),
        }
    )
    new, rare = found["ivr_node", "new_menu"], found["ivr_node", "rare_menu"]
    assert (new.basis, new.verdict, new.is_top) == ("dimension", "high", True)
    assert (rare.basis, rare.verdict) == ("none", "too_little_data")


def test_a_month_in_which_all_become_worse_alike_has_no_top() -> None:
    sources = {("city", name): (1000, 700, 1000, 500) for name in ("wuxi", "suzhou", "nanjing")}
    assert [each.is_top for each in judged(sources).values()] == [False, False, False]


def test_ten_of_twelve_are_shown() -> None:
    sources = {("city", f"city{number:02d}"): (4000, 4000 + 100 * number, 4000, 1000) for number in range(12)}
    sources |= {("city", f"rest{number:02d}"): (20_000, 4000, 20_000, 4000) for number in range(5)}
    top = [each for each in judged(sources).values() if each.is_top]
    assert [each.key[1] for each in top] == [f"city{number:02d}" for number in range(11, 1, -1)]


def test_a_single_source_of_its_kind_has_no_rest_and_an_empty_month_nothing() -> None:
    found = judged({("center", "only"): (1000, 1500, 1000, 500)})
    assert [(each.verdict, each.excess and each.excess.rest_trend) for each in found.values()] == [("worse", None)]
    assert judge(Read(WINDOW, {}, {}, {}, {}, [], 0, (), 0), RULES, lambda _: ALONE) == []
