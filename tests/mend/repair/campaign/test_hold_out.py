"""The draw of the hold-out over 2 000 seeds: shares as chance gives them, and no draw that knows of another.

Each statistic has mean 0 and variance 1 when the draw is sound, whatever the size of the group; over 2 000 seeds its
mean and its mean square are known to some per cent. The draws are those of the campaign's own SQL text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from mend.foundation.conditions import parse
from mend.foundation.pipeline.shares import share_of
from mend.repair.campaign.hold_out import UNIVERSAL, in_hold_out, number_of, salt
from mend.repair.campaign.plan import Plan
from mend.repair.campaign.tables import sampled_mask, withheld_mask
from mend.repair.strategies import Sample, StrategySet, load_strategies

SEEDS, PERSONS = 2_000, 800
SHIPPED: Final = load_strategies()[0]
HUNG_UP: Final = parse("is_dissatisfied_hangup", ["is_dissatisfied_hangup"])
DRAWN: Final = ("phone_callback", "dropped_call_care")
SHARES: Final = {
    UNIVERSAL: 0.05,
    "phone_callback": 0.1,
    "dropped_call_care": 0.3,
    "sample": 0.2,
    "share": 1 / 4,
    "half": 0.5,
}
GROUPS: Final = {
    "city": np.arange(PERSONS) % 5,
    "value": np.arange(PERSONS) // 7 % 3,
    "level": np.arange(PERSONS) // 3 % 4 + 1,
    "first and last ids": np.arange(PERSONS) * 2 // PERSONS,
}
MOST: Final = 4.5 / np.sqrt(SEEDS)  # standard errors of a mean over all seeds


def plan(seed: str, month: str = "2026-01") -> Plan:
    """Two strategies with a hold-out, and a draw for the first."""
    first, second = (replace(SHIPPED.strategy(code), hold_out_share=SHARES[code], sample=None) for code in DRAWN)
    first = replace(first, sample=Sample(of=HUNG_UP, share=SHARES["sample"]))
    settings = replace(SHIPPED.settings, seed=seed, universal_hold_out_share=SHARES[UNIVERSAL])
    rules: StrategySet = replace(SHIPPED, strategies=(first, second), settings=settings)
    return Plan(month, rules, {}, {})


def drawn_by(connection: duckdb.DuckDBPyConnection, plans: list[Plan]) -> dict[str, np.ndarray]:
    """Of each plan (rows) who of all persons (columns) was drawn for what."""
    texts = [withheld_mask(each) for each in plans], [sampled_mask(each) for each in plans]
    names = [*texts[0][0][1], *texts[1][0][1]]
    values = [[*held[1].values(), *lot[1].values()] for held, lot in zip(*texts, strict=True)]
    types = {name: "varchar" if name.endswith("salt") else "ubigint" for name in names}
    parts = [f"cast(columns_of[{place}] as {types[name]}) as {name}" for place, name in enumerate(names, 1)]
    given = pa.table({"number": range(len(values)), "columns_of": [[str(each) for each in row] for row in values]})
    connection.register("given", given)
    connection.execute(f"create or replace table seed as select number, {', '.join(parts)} from given")
    held, lot = (kind[0][0].replace("$", "seed.") for kind in texts)
    found = connection.execute(
        f"select cast({held} as bigint) as held, cast({lot} as bigint) as lot from seed cross join person "
        "order by seed.number, person.number"
    ).fetchnumpy()
    shape = len(plans), PERSONS
    masks, lots = (np.asarray(found[name]).reshape(shape) for name in ("held", "lot"))
    bits = {UNIVERSAL: 0, "phone_callback": 1, "dropped_call_care": 2}
    return {name: masks >> bit & 1 == 1 for name, bit in bits.items()} | {"sample": lots & 1 == 1}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Persons as they are numbered in a billing system; everybody is in every audience."""
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(
            "create table person as select number, 'C' || printf('%06d', number) as customer_id, "
            "customer_id as hashed_id, -1::bigint as audience_mask, true as is_dissatisfied_hangup "
            f"from range({PERSONS}) as row (number)"
        )
        yield connection


@pytest.fixture(scope="module")
def draws(connection: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    found = drawn_by(connection, [plan(f"seed {number}") for number in range(SEEDS)])
    fixed = connection.execute(
        f"select {share_of('customer_id', 4)} = 0 as share, md5_number_lower('half:' || customer_id) % 2 = 0 as half "
        "from person order by number"
    ).fetchnumpy()
    return found | {name: np.broadcast_to(fixed[name], (SEEDS, PERSONS)) for name in ("share", "half")}


def require_chance(statistic: np.ndarray, what: str) -> None:
    """Mean 0, variance 1, and no seed that chance would not give in 2 000."""
    assert abs(statistic.mean()) < MOST, what
    square = statistic**2
    assert abs(square.mean() - 1) < 4.5 * square.std() / np.sqrt(SEEDS), what
    assert np.abs(statistic).max() < 6.5, what


@pytest.mark.parametrize("what", [UNIVERSAL, *DRAWN, "sample"])
def test_shares_of_held_out_by_city_value_and_level_are_as_chance_gives(
    draws: dict[str, np.ndarray], what: str
) -> None:
    share = SHARES[what]
    require_chance((draws[what] - share).sum(axis=1) / np.sqrt(PERSONS * share * (1 - share)), what)
    for name, groups in GROUPS.items():
        for group in np.unique(groups):
            chosen = draws[what][:, groups == group]
            spread = np.sqrt(chosen.shape[1] * share * (1 - share))
            require_chance((chosen - share).sum(axis=1) / spread, f"{what} by {name} {group}")


PAIRS = [
    (UNIVERSAL, "phone_callback"),
    (UNIVERSAL, "dropped_call_care"),
    ("phone_callback", "dropped_call_care"),
    *((arm, other) for arm in (UNIVERSAL, *DRAWN) for other in ("sample", "share", "half")),
]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[" and ".join(pair) for pair in PAIRS])
def test_no_draw_knows_of_another(draws: dict[str, np.ndarray], one: str, other: str) -> None:
    """Arms, callback samples, shares of the work and halves of the uplift: each has a salt of its own."""
    p, q = SHARES[one], SHARES.get(other, draws[other][0].mean())
    together = ((draws[one] - p) * (draws[other] - q)).sum(axis=1)
    require_chance(together / np.sqrt(PERSONS * p * (1 - p) * q * (1 - q)), f"{one}, {other}")


@pytest.mark.long
def test_the_next_season_is_another_draw_and_a_month_of_the_same_season_is_none(
    connection: duckdb.DuckDBPyConnection, draws: dict[str, np.ndarray]
) -> None:
    seeds = [f"seed {number}" for number in range(SEEDS)]
    later = drawn_by(connection, [plan(seed, "2026-06") for seed in seeds])
    same = drawn_by(connection, [plan(seed, "2026-05") for seed in seeds])
    for what in (UNIVERSAL, *DRAWN):
        p = SHARES[what]
        together = ((draws[what] - p) * (later[what] - p)).sum(axis=1)
        require_chance(together / (np.sqrt(PERSONS) * p * (1 - p)), what)
        assert np.array_equal(draws[what], same[what])


def test_the_engine_and_python_draw_the_same(draws: dict[str, np.ndarray]) -> None:
    for number in (0, 1, 1_999):
        made = plan(f"seed {number}")
        for what in (UNIVERSAL, *DRAWN):
            expected = [
                in_hold_out(f"C{person:06}", made.season, what, SHARES[what], f"seed {number}")
                for person in range(PERSONS)
            ]
            assert draws[what][number].tolist() == expected


def test_all_bits_of_the_number_are_drawn_and_none_follows_another(connection: duckdb.DuckDBPyConnection) -> None:
    count = 100_000
    begin = salt("2026H1", UNIVERSAL, "mend")
    query = f"select md5_number_lower($begin || 'C' || range) as number from range({count}) order by range"
    numbers = connection.execute(query, {"begin": begin}).fetchnumpy()["number"]
    numbers = np.asarray(numbers, dtype=np.uint64)
    assert [int(each) for each in numbers[:50]] == [number_of(f"{begin}C{number}") for number in range(50)]
    bits = (numbers[:, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)).astype(float) * 2 - 1
    assert np.abs(bits.mean(axis=0)).max() * np.sqrt(count) < 4.5
    together = bits.T @ bits / count
    assert np.abs(together[np.triu_indices(64, 1)]).max() * np.sqrt(count) < 5.5


def test_salts_of_other_draws_differ() -> None:
    made = plan("mend")
    given: dict[str, Any] = withheld_mask(made)[1] | sampled_mask(made)[1]
    salts = [value for name, value in given.items() if name.endswith("salt")]
    assert len(salts) == 4
    assert len({*salts, salt(made.month, "queue of the drawn", "mend")}) == 5
