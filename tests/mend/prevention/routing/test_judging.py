"""What counts as worse: a risen item, a city that stands out; not a season, not a bad day, not few customers."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

import pytest

from mend.prevention.routing.judging import Exposure, Figure, Key, Tally, judge, moved, share_moved
from mend.prevention.routing.rules import SHIPPED, Judging, load_routing_rules, routing_rules_on

RULES: Judging = load_routing_rules(SHIPPED)[0].judging
DAYS, BEFORE = 30, 90
CUSTOMERS = Exposure(30_000, 90_000)


def tally(now: int, before: int, days_now: tuple[int, ...] | None = None) -> Tally:
    """So many customers in the month and before it, each once, spread evenly over the days."""
    return Tally(now, before, now, 0, before, days_now or even(now, DAYS), even(before, BEFORE))


def even(count: int, days: int) -> tuple[int, ...]:
    return tuple(count // days + (day < count % days) for day in range(days))


def total(tallies: Mapping[Key, Tally]) -> Tally:
    """All keys of the whole together."""
    nobody = Tally(0, 0, 0, 0, 0, (0,) * DAYS, (0,) * BEFORE)
    found = nobody
    for key, each in tallies.items():
        if key.city == "all":
            found = found.minus(nobody.minus(each))
    return found


def items(**counts: tuple[int, int]) -> dict[Key, Tally]:
    return {Key("network", item, "all"): tally(*each) for item, each in counts.items()}


def judged(tallies: Mapping[Key, Tally], exposures: Mapping[str, Exposure] | None = None) -> dict[str, Figure]:
    found = judge(tallies, total(tallies), exposures or {"all": CUSTOMERS}, RULES)
    return {f"{each.key.item} {each.key.city}": each for each in found}


def test_an_item_that_has_risen_is_worse_and_its_ratio_has_an_interval() -> None:
    found = judged(items(voice=(300, 450), data=(200, 600), bills=(210, 600)))["voice all"]
    assert (found.verdict, found.is_top, found.rank) == ("worse", True, 1)
    assert found.ratio is not None
    assert found.ratio.low < 2.0 < found.ratio.high
    assert found.expected == 150
    assert found.beyond == 150


def test_where_all_items_rise_together_none_is_routed() -> None:
    """A season, or agents who record more."""
    found = judged(items(voice=(300, 450), data=(400, 600), bills=(420, 600)))
    assert {each.verdict for each in found.values()} == {"no_proof"}
    assert found["voice all"].rest_ratio == pytest.approx(2.05)


def test_a_bad_day_is_no_bad_month() -> None:
    """Half of the customers of the month grumbled on one day."""
    days = (150, *even(150, DAYS - 1))
    tallies = {**items(data=(200, 600), bills=(210, 600)), Key("network", "voice", "all"): tally(300, 450, days)}
    assert judged(tallies)["voice all"].verdict == "no_proof"


def test_customers_who_grumble_in_every_month_are_counted_as_one_draw() -> None:
    """Three months of the same customers say as little as one month of them."""
    once = tally(130, 300)
    again = Tally(130, 300, 130, 100, 900, once.days_now, once.days_before)
    found = [judged({Key("network", "voice", "all"): each, **items(data=(600, 1800))}) for each in (once, again)]
    widths = [each["voice all"].ratio.high / each["voice all"].ratio.low for each in found if each["voice all"].ratio]
    assert widths[1] > widths[0]


def test_few_customers_and_a_small_rise_are_not_routed() -> None:
    found = judged(items(few=(9, 3), small=(1080, 3000), data=(700, 2100)))
    assert found["few all"].verdict == "too_little_data"
    assert found["small all"].verdict == "no_proof"


def test_where_no_customer_is_known_there_is_no_rate() -> None:
    assert judged(items(voice=(300, 450)), {"suzhou": CUSTOMERS})["voice all"].verdict == "too_little_data"


def test_a_first_month_says_nothing() -> None:
    found = judged(items(voice=(300, 0)), {"all": Exposure(30_000, 0)})
    assert (found["voice all"].verdict, found["voice all"].ratio) == ("nothing_before", None)


CITIES = {"all": CUSTOMERS, "nanjing": Exposure(10_000, 30_000), "suzhou": Exposure(20_000, 60_000)}


def cities(nanjing: tuple[int, int], suzhou: tuple[int, int]) -> dict[Key, Tally]:
    both = (nanjing[0] + suzhou[0], nanjing[1] + suzhou[1])
    counts = {"nanjing": nanjing, "suzhou": suzhou, "all": both}
    voice = {Key("network", "voice", city): tally(*each) for city, each in counts.items()}
    return {**voice, **items(data=(500, 1500))}


def test_a_city_that_stands_out_gets_the_problem_and_explains_the_whole() -> None:
    found = judged(cities(nanjing=(200, 150), suzhou=(100, 300)), CITIES)
    assert found["voice nanjing"].is_top
    assert found["voice all"].verdict == "worse"
    assert (found["voice all"].explained_by, found["voice all"].is_top) == ("nanjing", False)
    assert found["voice suzhou"].verdict == "no_proof"


def test_where_all_cities_rise_the_whole_is_routed_and_no_city() -> None:
    found = judged(cities(nanjing=(150, 150), suzhou=(300, 300)), CITIES)
    assert [name for name, each in found.items() if each.is_top] == ["voice all"]


def test_a_month_has_so_many_problems_at_most() -> None:
    rules = RULES.model_copy(update={"most_problems": 2})
    risen = items(**{f"item{number}": (300 + number, 450) for number in range(4)}, rest=(3000, 9000))
    figures = judge(risen, total(risen), {"all": CUSTOMERS}, rules)
    assert sorted(each.key.item for each in figures if each.is_top) == ["item2", "item3"]
    assert sum(each.is_proven for each in figures) == 4


def clean(seed: int) -> dict[Key, Tally]:
    """Months without news: items and cities of many sizes, customers and days drawn; a season moves all of them."""
    draw = random.Random(seed)
    season = draw.uniform(0.7, 1.4)
    found: dict[Key, Tally] = {}
    for item in range(14):
        rate = 10 ** draw.uniform(0.2, 1.3)  # customers of 10 000 a month
        whole = Tally(0, 0, 0, 0, 0, (0,) * DAYS, (0,) * BEFORE)
        for city in range(8):
            often = 1_200 * (city + 1) * rate / 10_000
            now = [_poisson(draw, often * season / DAYS) for _ in range(DAYS)]
            before = [_poisson(draw, often / DAYS) for _ in range(BEFORE)]
            own = Tally(sum(now), sum(before), sum(now), 0, sum(before), tuple(now), tuple(before))
            found[Key("network", f"item{item:02d}", f"city{city}")] = own
            whole = whole.minus(Tally(*(-each for each in (own.now, own.before, own.now_now, 0, own.before_before)),
                                      tuple(-each for each in now), tuple(-each for each in before)))  # fmt: skip
        found[Key("network", f"item{item:02d}", "all")] = whole
    return found


def _poisson(draw: random.Random, mean: float) -> int:
    """Knuth's: so many draws of an exponential time fit in one."""
    count, time = -1, 0.0
    while time < 1:
        time += draw.expovariate(mean)
        count += 1
    return count


SIZES = {f"city{city}": Exposure(1_200 * (city + 1), 3_600 * (city + 1)) for city in range(8)}
EVERYWHERE = {**SIZES, "all": Exposure(43_200, 129_600)}


def false_alarms(seeds: range) -> int:
    """Clean months of which something is routed."""
    months = (clean(seed) for seed in seeds)
    return sum(any(each.is_top for each in judge(month, total(month), EVERYWHERE, RULES)) for month in months)


def test_clean_months_are_not_flooded() -> None:
    """The bound is a false alarm in 20 months."""
    assert false_alarms(range(20)) <= 2


@pytest.mark.long
def test_the_rate_of_false_alarms_is_kept_over_many_months() -> None:
    assert false_alarms(range(1000, 1600)) <= 0.05 * 600 + 2 * (600 * 0.05 * 0.95) ** 0.5


def high_and_low(now: int, then: int) -> tuple[float, float]:
    """The interval of the ratio of a month to the month that opened the problem, of as many customers."""
    found = moved(tally(now, then), Exposure(30_000, 30_000), 0.95)
    assert found is not None
    return found.high, found.low


def test_a_measure_moves_when_its_whole_interval_is_below_the_opening_month() -> None:
    assert high_and_low(150, 300)[0] < 1
    high, low = high_and_low(280, 300)
    assert low < 1 < high
    assert high_and_low(450, 300)[1] > 1


def test_nobody_who_grumbles_any_more_is_a_movement_too() -> None:
    assert high_and_low(0, 60)[0] < 1


def test_what_is_not_known_is_no_movement() -> None:
    assert moved(tally(10, 60), Exposure(0, 30_000), 0.95) is None
    assert share_moved((0, 0), (90, 200), 0.95) is None
    assert share_moved((5, 100), (0, 0), 0.95) is None


def test_rules_in_force_are_those_of_the_day() -> None:
    assert routing_rules_on(dt.date(2026, 3, 1), load_routing_rules(SHIPPED)).judging == RULES
