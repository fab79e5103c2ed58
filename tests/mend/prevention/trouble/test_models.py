"""Every model on a few rows: what goes in, what comes out."""
# ruff: noqa: E501 - text tables

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "prevention/trouble"
FEBRUARY, MARCH = dt.date(2026, 2, 1), dt.date(2026, 3, 1)
LAST = dt.date(2026, 3, 31)
DAYS = {"first_on": MARCH, "last_on": LAST, "history_from": FEBRUARY}
PERSONS = """
    customer_id | person_id
    old         | new
"""
DIMENSIONS = """
    dimension_code
    ivr_node
    topic
    city
"""
STAGES = """
    dimension_code | stage_code
    ivr_node       | ivr
    topic          | ivr
    topic          | agent
    city           | ivr
    city           | agent
"""
PLACE = "ivr_node | topic | agent_group | center | plan | city"


def test_contact() -> None:
    """Whoever became another goes by that id; what is not known of a failure is none."""
    check(
        read_model(ROOM, "contact"),
        {
            "contact_file": """
                contact_id | customer_id | started_at::timestamptz | started_on | direction_code | topic_code | ivr_node_code | agent_group_code | agent_id | center_code | ivr_result_code | is_system_fault | is_refused | is_abandoned
                k1 | old | 2026-03-01 09:00+08 | 2026-03-01 | inbound  | bill | bill_menu | g1 | A1 | north | failed |       | true |
                k2 | c2  | 2026-03-01 09:00+08 | 2026-03-01 | outbound | bill |           |    |    | north |        | false |      |
            """,
            "person_of_customer": PERSONS,
        },
        """
            contact_id | customer_id | is_inbound | is_self_service_failed | is_failed
            k1         | new         | true       | true                   | true
            k2         | c2          | false      |                        | false
        """,
    )


def test_posted() -> None:
    """Credits and tickets stay out; a cap takes off; what cannot be compared has its points all the same."""
    check(
        read_model(ROOM, "posted"),
        {
            "ledger_file": """
                customer_id | subject_id | posted_on  | points::decimal(9,3) | subject_kind_code | entry_kind_code | indicator_id
                old         | k1         | 2026-03-01 | 3                    | contact           | debit           | IVR-01
                c2          | k2         | 2026-03-01 | -1.5                 | contact           | cap             | IVR-01
                c2          | k2         | 2026-03-01 | 2                    | contact           | debit           | AGT-06
                c2          | k2         | 2026-03-01 | -2                   | contact           | credit          | REP-01
                c2          | t1         | 2026-03-01 | 4                    | ticket            | debit           | RES-02
            """,
            "person_of_customer": PERSONS,
            "comparable": """
                indicator_id | stage_code
                IVR-01       | ivr
            """,
        },
        """
            customer_id | contact_id | thousandths | compared | stage_code
            new         | k1         | 3000        | 3000     | ivr
            c2          | k2         | -1500       | -1500    | ivr
            c2          | k2         | 2000        | 0        |
        """,
    )


def test_comparable() -> None:
    """Measured in each month, and the same under each version of the rules that was used."""
    check(
        read_model(ROOM, "comparable"),
        {
            "indicator_month_file": """
                month   | indicator_id | is_measured
                2026-02 | IVR-01       | true
                2026-03 | IVR-01       | true
                2026-02 | AGT-06       | false
                2026-03 | AGT-06       | true
                2026-03 | IVR-02       | true
                2026-02 | IVR-03       | true
                2026-03 | IVR-03       | true
            """,
            "indicator_file": """
                rule_version::date | indicator_id | points | condition | stage_code
                1990-01-01         | IVR-01       | 2      | a         | ivr
                2026-03-10         | IVR-01       | 2      | a         | ivr
                1990-01-01         | IVR-03       | 2      | a         | ivr
                2026-03-10         | IVR-03       | 9      | a         | ivr
                2030-01-01         | IVR-01       | 9      | a         | ivr
            """,
            "ledger_file": """
                posted_on  | rule_version::date
                2026-02-01 | 1990-01-01
                2026-03-31 | 2026-03-10
                2026-01-01 | 2030-01-01
            """,
        },
        """
            indicator_id | stage_code
            IVR-01       | ivr
        """,
        {**DAYS, "months": ["2026-02", "2026-03"]},
    )


def test_not_compared() -> None:
    """Only what cost points of contacts in the month."""
    check(
        read_model(ROOM, "not_compared"),
        {
            "ledger_file": """
                posted_on  | indicator_id | subject_kind_code | entry_kind_code
                2026-03-01 | AGT-06       | contact           | debit
                2026-03-01 | AGT-06       | contact           | debit
                2026-03-01 | IVR-01       | contact           | debit
                2026-03-01 | RES-02       | ticket            | debit
                2026-02-01 | AGT-05       | contact           | debit
                2026-03-01 | REP-01       | contact           | credit
            """,
            "comparable": """
                indicator_id | stage_code
                IVR-01       | ivr
            """,
        },
        """
            indicator_id
            AGT-06
        """,
        DAYS,
    )


def test_complaint() -> None:
    check(
        read_model(ROOM, "complaint"),
        {
            "ticket_file": """
                ticket_id | customer_id | contact_id | topic_code | opened_at::timestamptz | opened_on  | kind_code
                t1        | old         | k1         | bill       | 2026-03-05 09:00+08    | 2026-03-05 | complaint
                t2        | c2          |            | bill       | 2026-03-05 09:00+08    | 2026-03-05 | enquiry
                t3        | c2          |            | bill       | 2026-04-01 09:00+08    | 2026-04-01 | complaint
            """,
            "person_of_customer": PERSONS,
        },
        """
            ticket_id | customer_id | contact_id
            t1        | new         | k1
        """,
        DAYS,
    )


def test_small_group() -> None:
    """Two agents are too few for three; so is a group whose agents nobody knows, and one that had enough last month."""
    check(
        read_model(ROOM, "small_group"),
        {
            "contact": """
                agent_group_code | started_on | agent_id
                big              | 2026-03-01 | A1
                big              | 2026-03-01 | A2
                big              | 2026-03-31 | A3
                small            | 2026-03-01 | A4
                small            | 2026-03-01 | A4
                small            | 2026-03-01 | A5
                nobody           | 2026-03-01 |
                past             | 2026-02-01 | A6
                past             | 2026-02-01 | A7
                past             | 2026-02-01 | A8
                                 | 2026-03-01 | A9
            """,
        },
        """
            agent_group_code
            small
            nobody
            past
        """,
        {**DAYS, "least_agents": 3},
    )


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
            "proven": """
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


def test_complaint_cause() -> None:
    """The latest contact that hurt, on the same topic, in the days before; the call of the complaint itself only when there
    is no other. Without a topic or a customer there is no cause."""
    check(
        read_model(ROOM, "complaint_cause"),
        {
            "complaint": """
                ticket_id | customer_id | contact_id | topic_code | opened_at::timestamptz
                t1        | c1          | k3         | bill       | 2026-03-20 10:00+08
                t2        | c2          | k5         |            | 2026-03-20 10:00+08
                t3        | c3          |            |            | 2026-03-20 10:00+08
                t4        |             |            | bill       | 2026-03-20 10:00+08
                t5        | c1          |            | data       | 2026-03-20 10:00+08
                t6        | c6          |            | bill       | 2026-03-20 10:00+08
            """,
            "contact_place": f"""
                contact_id | customer_id | started_at::timestamptz | topic_code | {PLACE}
                k1         | c1          | 2026-03-10 09:00+08     | bill       | m1 | bill | g | n | p | w
                k2         | c1          | 2026-03-12 09:00+08     | bill       | m2 | bill | g | n | p | w
                k3         | c1          | 2026-03-20 09:00+08     | bill       | m3 | bill | g | n | p | w
                k4         | c1          | 2026-03-15 09:00+08     | bill       | m4 | bill | g | n | p | w
                k5         | c2          | 2026-03-20 09:00+08     | bill       | m5 | bill | g | n | p | w
                k6         | c1          | 2026-03-19 09:00+08     | other      | m6 | bill | g | n | p | w
                k7         | c6          | 2026-02-18 09:59+08     | bill       | m7 | bill | g | n | p | w
                k8         | c6          | 2026-03-20 10:01+08     | bill       | m8 | bill | g | n | p | w
            """,
            "posted": """
                contact_id | thousandths::bigint
                k1         | 2000
                k2         | 3000
                k3         | 1000
                k4         | 2000
                k4         | -2000
                k5         | 2000
                k6         | 2000
                k7         | 2000
                k8         | 2000
            """,
        },
        """
            ticket_id | is_attributable | has_cause | ivr_node
            t1        | true            | true      | m2
            t2        | true            | true      | m5
            t3        | false           | false     |
            t4        | false           | false     |
            t5        | true            | false     |
            t6        | true            | false     |
        """,
        {"complaint_us": 30 * 86_400 * 1_000_000},
    )


CAUSES = f"""
    ticket_id | is_attributable | has_cause | {PLACE}
    t1        | true            | true      | m1 | bill | g | n | p | wuxi
    t2        | true            | true      | m2 | bill | g | n | p | suzhou
    t3        | true            | false     |    |      |   |   |   |
    t4        | false           | false     |    |      |   |   |   |
"""


def test_complaint_total() -> None:
    check(
        read_model(ROOM, "complaint_total"),
        {"complaint_causes": CAUSES, "dimension": DIMENSIONS},
        """
            dimension_code | source_code | complaint_count
            ivr_node       | m1          | 1
            ivr_node       | m2          | 1
            topic          | bill        | 2
            city           | wuxi        | 1
            city           | suzhou      | 1
        """,
    )


def test_complaint_of_top() -> None:
    """One complaint at two of the top sources is one."""
    check(
        read_model(ROOM, "complaint_of_top"),
        {
            "complaint_causes": CAUSES,
            "top_source": """
                dimension_code | source_code
                ivr_node       | m1
                city           | wuxi
            """,
        },
        """
            complaints | attributable | with_cause | of_top
            4          | 3            | 2          | 1
        """,
    )


def test_caller_hour_and_hour_total() -> None:
    """A customer once a day and source, in the first hour; a menu's failure counts at the menu alone."""
    check(
        read_model(ROOM, "caller_hour"),
        {
            "contact_place": """
                contact_id | customer_id | started_at::timestamptz | started_on | is_inbound | is_failed | is_self_service_failed | ivr_node | center | city
                k1         | c1          | 2026-03-01 09:10+08     | 2026-03-01 | true       | true      | false                  | unknown  | north  | wuxi
                k2         | c1          | 2026-03-01 10:10+08     | 2026-03-01 | true       | true      | false                  | unknown  | north  | wuxi
                k3         | c2          | 2026-03-01 09:59+08     | 2026-03-01 | true       | true      | false                  | bill     | north  | wuxi
                k4         | c3          | 2026-03-02 00:00+08     | 2026-03-02 | true       | false     | true                   | bill     | north  | wuxi
                k5         |             | 2026-03-01 09:59+08     | 2026-03-01 | true       | true      | false                  | bill     | north  | wuxi
                k6         | c4          | 2026-03-01 09:59+08     | 2026-03-01 | false      | true      | false                  | bill     | north  | wuxi
            """,
            "hour_dimension": """
                dimension_code
                ivr_node
                center
                city
            """,
        },
        """
            dimension_code | source_code | hour_number | callers
            ivr_node       | bill        | 9           | 1
            ivr_node       | bill        | 24          | 1
            center         | north       | 9           | 2
            city           | wuxi        | 9           | 2
        """,
        {**DAYS, "from_us": int(dt.datetime.fromisoformat("2026-03-01T00:00+08:00").timestamp()) * 1_000_000},
    )
    check(
        read_model(ROOM, "hour_total"),
        {
            "caller_hours": """
                dimension_code | source_code | hour_number | callers::bigint
                city           | wuxi        | 9           | 2
                city           | wuxi        | 9           | 3
            """,
        },
        """
            hour_number | callers
            9           | 5
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
