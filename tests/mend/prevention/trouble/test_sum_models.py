"""The models that place and sum up, on a few rows: what goes in, what comes out."""
# ruff: noqa: E501 - text tables

from __future__ import annotations

from tests.mend.prevention.trouble.tables import DAYS, DIMENSIONS, PLACE, ROOM, STAGES

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check


def test_contact_place() -> None:
    """City and plan by then; a small group, an empty code and nobody are not known."""
    check(
        read_model(ROOM, "contact_place"),
        {
            "contact": """
                contact_id | customer_id | started_at::timestamptz | started_on | is_inbound | is_failed | is_self_service_failed | topic_code | ivr_node_code | agent_group_code | center_code
                k1         | c1          | 2026-03-02 09:00+08     | 2026-03-02 | true       | false     |                        | bill       | bill_menu     | small            | north
                k2         | c1          | 2026-02-02 09:00+08     | 2026-02-02 | true       | false     | true                   |            |               | big              |
                k3         |             | 2026-03-02 09:00+08     | 2026-03-02 | true       | false     |                        | bill       |               |                  | north
            """,
            "snapshot": """
                customer_id | month_on   | plan_code | city_code
                c1          | 2026-01-01 | p38       | wuxi
                c1          | 2026-03-01 | p88       | suzhou
            """,
            "small_group": """
                agent_group_code
                small
            """,
        },
        """
            contact_id | ivr_node  | topic   | agent_group | center  | plan    | city    | is_self_service_failed
            k1         | bill_menu | bill    | unknown     | north   | p88     | suzhou  | false
            k2         | unknown   | unknown | big         | unknown | p38     | wuxi    | true
            k3         | unknown   | bill    | unknown     | north   | unknown | unknown | false
        """,
    )


def test_placed() -> None:
    """Contacts by their own day, points by the day of posting; a contact that is nowhere has no known source."""
    check(
        read_model(ROOM, "placed"),
        {
            "contact_place": f"""
                contact_id | customer_id | started_on | is_inbound | {PLACE}
                k1         | c1          | 2026-02-28 | true       | bill_menu | bill | g1 | north | p38 | wuxi
                k2         | c1          | 2026-03-01 | false      | unknown   | bill | g1 | north | p38 | wuxi
                k0         | c1          | 2026-01-28 | true       | unknown   | old  | g1 | north | p38 | wuxi
            """,
            "posted": """
                customer_id | contact_id | posted_on  | thousandths::bigint | compared::bigint | stage_code
                c1          | k1         | 2026-03-01 | 3000                | 0                |
                c1          | k0         | 2026-03-01 | 2000                | 2000             | ivr
                c1          | lost       | 2026-03-01 | 1000                | 1000             | ivr
                c1          | k1         | 2026-04-01 | 5000                | 5000             | ivr
            """,
        },
        """
            customer_id | day_on     | contacts | thousandths | compared | stage_code | topic   | city
            c1          | 2026-02-28 | 1        | 0           | 0        |            | bill    | wuxi
            c1          | 2026-03-01 | 0        | 3000        | 0        |            | bill    | wuxi
            c1          | 2026-03-01 | 0        | 2000        | 2000     | ivr        | old     | wuxi
            c1          | 2026-03-01 | 0        | 1000        | 1000     | ivr        | unknown | unknown
        """,
        DAYS,
    )


def test_source_fact() -> None:
    """Once a dimension; of a menu node the agent's points are not compared."""
    check(
        read_model(ROOM, "source_fact"),
        {
            "placed": f"""
                customer_id | day_on     | contacts::bigint | thousandths::bigint | compared::bigint | stage_code | {PLACE}
                c1          | 2026-03-01 | 0                | 3000                | 3000             | agent      | bill_menu | bill | g1 | north | p38 | wuxi
                c1          | 2026-02-28 | 1                | 0                   | 0                |            | bill_menu | bill | g1 | north | p38 | wuxi
            """,
            "dimension": DIMENSIONS,
            "dimension_stage": STAGES,
        },
        """
            dimension_code | source_code | is_now | contacts | thousandths | compared
            ivr_node       | bill_menu   | true   | 0        | 3000        | 0
            topic          | bill        | true   | 0        | 3000        | 3000
            city           | wuxi        | true   | 0        | 3000        | 3000
            ivr_node       | bill_menu   | false  | 1        | 0           | 0
            topic          | bill        | false  | 1        | 0           | 0
            city           | wuxi        | false  | 1        | 0           | 0
        """,
        DAYS,
    )


FACTS = """
    dimension_code | source_code | customer_id | day_on     | is_now | contacts::bigint | thousandths::bigint | compared::bigint
    city           | wuxi        | c1          | 2026-03-01 | true   | 1                | 0                   | 0
    city           | wuxi        | c1          | 2026-03-01 | true   | 0                | 5000                | 3000
    city           | wuxi        | c1          | 2026-02-01 | false  | 1                | 0                   | 0
    city           | wuxi        |             | 2026-03-01 | true   | 1                | 0                   | 0
    city           | unknown     | c2          | 2026-03-01 | true   | 1                | 0                   | 0
"""


def test_month_part() -> None:
    """Of an unknown caller no ledger has points: they stand apart."""
    check(
        read_model(ROOM, "month_part"),
        {"source_fact": FACTS},
        """
            source_code | month   | contact_count | unnamed_contact_count | thousandths | compared | customer_count
            wuxi        | 2026-02 | 1             | 0                     | 0           | 0        | 1
            wuxi        | 2026-03 | 1             | 1                     | 5000        | 3000     | 1
            unknown     | 2026-03 | 1             | 0                     | 0           | 0        | 1
        """,
    )


def test_month_total() -> None:
    check(
        read_model(ROOM, "month_total"),
        {
            "month_parts": """
                dimension_code | source_code | month   | contact_count | unnamed_contact_count | thousandths::bigint | compared::bigint | customer_count
                city           | wuxi        | 2026-03 | 1             | 0                     | 10                  | 5                | 1
                city           | wuxi        | 2026-03 | 2             | 1                     | 20                  | 5                | 1
            """,
        },
        """
            contact_count | unnamed_contact_count | thousandths | compared | customer_count
            3             | 1                     | 30          | 10       | 2
        """,
    )


def test_customer_cluster() -> None:
    """Neither an unknown source nor an unknown caller is a cluster."""
    check(
        read_model(ROOM, "customer_cluster"),
        {"source_fact": FACTS},
        """
            source_code | cluster_id | n | p    | m | q
            wuxi        | c1         | 1 | 3000 | 1 | 0
        """,
    )


def test_day_part_and_day_cluster() -> None:
    check(
        read_model(ROOM, "day_part"),
        {"source_fact": FACTS},
        """
            source_code | cluster_id | n | p    | m | q
            wuxi        | 2026-03-01 | 1 | 3000 | 0 | 0
            wuxi        | 2026-02-01 | 0 | 0    | 1 | 0
        """,
    )
    check(
        read_model(ROOM, "day_cluster"),
        {
            "day_parts": """
                dimension_code | source_code | cluster_id | n::bigint | p::bigint | m::bigint | q::bigint
                city           | wuxi        | 2026-03-01 | 1         | 3000      | 0         | 0
                city           | wuxi        | 2026-03-01 | 2         | 1000      | 0         | 0
            """,
        },
        """
            source_code | cluster_id | n | p    | m | q
            wuxi        | 2026-03-01 | 3 | 4000 | 0 | 0
        """,
    )


def test_cluster_sum() -> None:
    """Beside each source's sums those of all of its kind, which stand as a row of their own, too."""
    check(
        read_model(ROOM, "cluster_sum"),
        {
            "cluster": """
                dimension_code | source_code | cluster_id | n::bigint | p::bigint | m::bigint | q::bigint
                city           | wuxi        | c1         | 1         | 3         | 2         | 5
                city           | suzhou      | c1         | 2         | 4         | 0         | 0
                city           | suzhou      | c2         | 1         | 0         | 0         | 0
            """,
        },
        """
            source_code | cluster_id | n | p | m | q | w | v | x | y
            wuxi        | c1         | 1 | 3 | 2 | 5 | 3 | 7 | 2 | 5
            suzhou      | c1         | 2 | 4 | 0 | 0 | 3 | 7 | 2 | 5
            suzhou      | c2         | 1 | 0 | 0 | 0 | 1 | 0 | 0 | 0
                        | c1         | 3 | 7 | 2 | 5 | 3 | 7 | 2 | 5
                        | c2         | 1 | 0 | 0 | 0 | 1 | 0 | 0 | 0
        """,
    )


def test_moment_and_moment_total() -> None:
    """Two contacts with three points in one cluster and one with none in another; the whole is twice as much."""
    rows = """
        dimension_code | source_code | cluster_id | n::bigint | p::bigint | m::bigint | q::bigint | w::bigint | v::bigint | x::bigint | y::bigint
        city           | wuxi        | c1         | 2         | 3         | 1         | 1         | 4         | 6         | 2         | 2
        city           | wuxi        | c2         | 1         | 0         | 0         | 0         | 2         | 0         | 0         | 0
    """
    check(
        read_model(ROOM, "moment"),
        {"cluster_sum": rows},
        """
            source_code | n | p | m | q | nn | np | pp | mm | nm | nw | pv | mx | qy | nv
            wuxi        | 3 | 3 | 1 | 1 | 5  | 6  | 9  | 1  | 2  | 10 | 18 | 2  | 2  | 12
        """,
    )
    names = [
        *"npmq",
        *(a + b for i, a in enumerate("npmq") for b in "npmq"[i:]),
        *(a + b for a in "npmq" for b in "wvxy"),
    ]
    head = " | ".join(f"{name}::bigint" for name in names)
    one = " | ".join("1" for _ in names)
    check(
        read_model(ROOM, "moment_total"),
        {"moments": f"dimension_code | source_code | {head}\ncity | wuxi | {one}\ncity | wuxi | {one}"},
        f"source_code | {' | '.join(names)}\nwuxi | {' | '.join('2' for _ in names)}",
    )


def test_cell_and_pair() -> None:
    """What two proven sources share; of a menu node in the stages of the menu alone."""
    check(
        read_model(ROOM, "cell"),
        {
            "placed": f"""
                customer_id | day_on     | contacts::bigint | compared::bigint | stage_code | {PLACE}
                c1          | 2026-03-01 | 1                | 0                |            | a | b | g | n | p | w
                c2          | 2026-03-02 | 1                | 0                |            | a | b | g | n | p | w
                            | 2026-03-02 | 1                | 0                |            | a | b | g | n | p | w
                c2          | 2026-02-02 | 0                | 2000             | ivr        | a | b | g | n | p | w
            """,
        },
        """
            ivr_node | city | stage_code | is_now | contacts | compared
            a        | w    |            | true   | 2        | 0
            a        | w    | ivr        | false  | 0        | 2000
        """,
        DAYS,
    )
    check(
        read_model(ROOM, "pair"),
        {
            "cells": f"""
                {PLACE} | stage_code | is_now | contacts::bigint | compared::bigint
                a | b | g | n | p | w |       | true  | 2 | 0
                a | b | g | n | p | w | ivr   | true  | 0 | 3000
                a | b | g | n | p | w | agent | true  | 0 | 500
                a | b | g | n | p | w | ivr   | false | 0 | 2000
                x | b | g | n | p | w | ivr   | true  | 0 | 9000
            """,
            "asked": """
                dimension_code | source_code
                ivr_node       | a
                topic          | b
            """,
            "dimension_stage": STAGES,
        },
        """
            dimension_code | source_code | other_dimension_code | other_source_code | n | p    | m | q
            ivr_node       | a           | topic                | b                 | 2 | 3000 | 0 | 2000
            topic          | b           | ivr_node             | a                 | 2 | 3500 | 0 | 2000
        """,
    )


def test_ledger_total() -> None:
    check(
        read_model(ROOM, "ledger_total"),
        {
            "ledger_file": """
                posted_on  | points::decimal(9,3) | subject_kind_code | entry_kind_code
                2026-03-01 | 3                    | contact           | debit
                2026-03-31 | -0.5                 | contact           | cap
                2026-03-31 | -3                   | contact           | credit
                2026-03-31 | 4                    | ticket            | debit
                2026-02-28 | 9                    | contact           | debit
            """,
        },
        """
            contact_thousandths | other_thousandths
            2500                | 4000
        """,
        DAYS,
    )
