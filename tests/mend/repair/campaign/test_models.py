"""The campaign's models on text tables."""
# ruff: noqa: E501 - a row of a table is a line

from __future__ import annotations

import datetime as dt

from mend.care.contact_rules import REASONS
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.repair.campaign.facts import GATE_OF_REASON, GATES, NO_GATE, contact_gates

ROOM = "repair/campaign"
PERSONS = "customer_id | person_id | doubt_code\nold | new |"
AT = "2026-06-01 00:00:00+08"


def test_indicators_are_bits_and_the_costliest_come_first() -> None:
    check(
        read_model(ROOM, "campaign_hit"),
        {
            "campaign_entry": """
                customer_id | indicator_id | entry_kind_code | points | subject_kind_code | subject_id
                A           | AGT-08       | debit           | 5      | contact           | 1
                A           | AGT-08       | debit           | 5      | contact           | 2
                A           | IVR-04       | debit           | 10     | contact           | 3
                A           | AGT-08       | cap             | -5     | contact           | 2
                A           | RES-01       | debit           | 3      | contact           | 4
                A           | RES-01       | cap             | -3     | contact           | 4
                A           | REP-01       | credit          | -5     | contact           | 1
                B           | OWN-01       | debit           | 5      | contact           | 5
            """,
            "indicator_bit": "indicator_id | bit::integer\nAGT-08 | 0\nIVR-04 | 1\nRES-01 | 2",
        },
        f"""
        customer_id | hit_mask | reasons
        A           | 7        | [{10 * 2**20 + 62 * 1024 + 1}, {5 * 2**20 + 63 * 1024 + 2}]
        """,
        {"reasons": 3},
    )


def test_what_is_scarce_under_other_strategies_is_what_one_more_or_one_less_changes() -> None:
    columns = "resource_code | strategy_code | city_code | capacity | used | value_of_one_more | value_of_one_less"
    check(
        read_model(ROOM, "what_if_price"),
        {
            "campaign_price_value": f"""
                {columns.replace("one_more", "one_more::double").replace("one_less", "one_less::double")}
                seat   | call  | a | 9 | 9 | 2.5 | 3.0
                budget | gift  | a | 9 | 9 | 0.0 | 1.0
                total  | call  |   | 9 | 8 | 0.0 | 0.0
                seat   | visit | b | 1 | 1 | 7.0 | 0.0
            """
        },
        f"""
        {columns}
        seat   | visit | b | 1 | 1 | 7.0 | 0.0
        seat   | call  | a | 9 | 9 | 2.5 | 3.0
        budget | gift  | a | 9 | 9 | 0.0 | 1.0
        """,
    )


def test_who_was_cut_off_and_got_a_credit_for_that_call_was_answered() -> None:
    check(
        read_model(ROOM, "campaign_dropped"),
        {
            "campaign_entry": """
                customer_id | indicator_id | entry_kind_code | points | subject_kind_code | subject_id
                A           | AGT-01       | debit           | 3      | contact           | a1
                A           | REP-07       | credit          | -1     | contact           | a1
                B           | AGT-01       | debit           | 3      | contact           | b1
                B           | AGT-03       | debit           | 1      | contact           | b2
                B           | REP-07       | credit          | -1     | contact           | b1
                C           | AGT-08       | debit           | 5      | contact           | c1
            """
        },
        "customer_id\nB",
        {"cut_off": ["AGT-01", "AGT-02", "AGT-03"]},
    )


def test_a_poor_answer_after_a_call_is_dissatisfied_on_either_scale() -> None:
    check(
        read_model(ROOM, "campaign_reply"),
        {
            "reply_file": """
                customer_id | purpose_code | score::integer | score_scale::integer
                A           | hang_up      | 6              | 10
                B           | hang_up      | 7              | 10
                old         | hang_up      | 2              | 5
                C           | resurvey     | 0              | 10
                            | hang_up      | 0              | 10
            """,
            "person_of_customer": PERSONS,
        },
        """
        customer_id | is_dissatisfied_hangup
        A           | true
        B           | false
        new         | true
        C           | false
        """,
    )


def test_a_complaint_is_open_until_it_is_known_to_be_closed() -> None:
    ticket = "ticket_id | customer_id | kind_code | status_code | opened_at | closed_at | reopened_at | suspended_at | suspended_until"
    check(
        read_model(ROOM, "campaign_ticket"),
        {
            "ticket_file": f"""
                {ticket}
                1 | open      | complaint | open      | 2026-05-01 09:00:00+08 |                        |  |  |
                2 | closed    | complaint | closed    | 2026-05-01 09:00:00+08 | 2026-05-20 09:00:00+08 |  |  |
                3 | says_so   | complaint | closed    | 2026-05-01 09:00:00+08 |                        |  |  |
                4 | later     | complaint | closed    | 2026-05-01 09:00:00+08 | 2026-06-02 09:00:00+08 |  |  |
                5 | reopened  | complaint | open      | 2026-05-01 09:00:00+08 | 2026-05-20 09:00:00+08 | 2026-05-25 09:00:00+08 |  |
                6 | unknown   | complaint |           | 2026-05-01 09:00:00+08 |                        |  |  |
                7 | after     | complaint | open      | 2026-06-02 09:00:00+08 |                        |  |  |
                8 | enquires  | enquiry   | open      | 2026-05-01 09:00:00+08 |                        |  |  |
                9 | waits     | enquiry   | suspended | 2026-05-01 09:00:00+08 |                        |  | 2026-05-02 09:00:00+08 | 2026-07-01 09:00:00+08
                10 | old      | complaint | open      | 2026-05-01 09:00:00+08 |                        |  |  |
            """,
            "complaint_file": "complaint_id | complaint_type_code\n1 | indoor_weak\n2 | indoor_weak",
            "person_of_customer": PERSONS,
        },
        """
        customer_id | has_complaint_open | has_suspended_ticket | has_network_complaint
        open        | true               | false                | true
        later       | true               | false                | false
        reopened    | true               | false                | false
        unknown     | true               | false                | false
        waits       | false              | true                 | false
        new         | true               | false                | false
        """,
        {"at": AT, "network_types": ["network_coverage", "indoor_weak"]},
    )


def test_every_gate_is_a_bit_and_what_is_owed_is_asked_two_alone() -> None:
    strategy = """
        strategy_number::integer | strategy_code | is_entitlement | contact_kind::integer | contact_gates::bigint | is_message | is_muted_by_complaint | over_authority_levels::bigint
        0                        | owed          | true           | 0                     | 17                    | false      | false                 | 16
        1                        | offer         | false          | 1                     | 93                    | true       | true                  | 16
        2                        | call          | false          | 0                     | 85                    | false      | false                 | 0
    """
    pattern = """
        audience_mask::bigint | fact_mask::bigint | contact_mask::bigint | earlier_mask::bigint | capped_mask::bigint | withheld_mask::bigint | level::integer | pattern_number::integer
        7                     | 0                 | 0                    | 0                    | 0                   | 0                     | 2              | 1
        7                     | 2                 | 1114136            | 0                    | 0                   | 1                     | 4              | 2
        4                     | 1                 | 0                    | 0                    | 4                   | 0                     | 2              | 3
        7                     | 0                 | 33554432             | 4                    | 0                   | 4                     | 2              | 4
    """
    # 1114136 is: service: no consent (8) and opted out (16); commercial: no contact under any cap and opted out (16 << 16).
    # 33554432 is: commercial messages alone have reached their cap (bit 9 of the second kind).
    check(
        read_model(ROOM, "campaign_gate_pattern"),
        {"campaign_pattern": pattern, "campaign_strategy": strategy},
        """
        pattern_number | strategy_code | gate_mask | first_gate_code | arm_code
        1              | owed          | 0         |                 |
        1              | offer         | 0         |                 | offered
        1              | call          | 0         |                 | offered
        2              | owed          | 0         |                 |
        2              | offer         | 305       | left            |
        2              | call          | 16        | opted_out       |
        3              | owed          | 3         | left            |
        3              | offer         | 3         | left            |
        3              | call          | 65        | left            |
        4              | owed          | 0         |                 |
        4              | offer         | 64        | contact_cap     |
        4              | call          | 128       | in_another_list |
        """,
        {"gates": list(GATES)},
    )


def test_gated_by_all_has_the_gate_at_which_they_came_furthest() -> None:
    check(
        read_model(ROOM, "campaign_pattern_arm"),
        {
            "campaign_pattern": """
                pattern_number::integer | withheld_mask::bigint
                1                       | 0
                2                       | 1
                3                       | 0
                4                       | 4611686018427387904
                5                       | 0
            """,
            "campaign_gate_pattern": """
                pattern_number::integer | is_entitlement | gate_mask::bigint | first_gate::integer | arm_code
                1                       | true           | 2                 | 1                   |
                1                       | false          | 24                | 3                   |
                2                       | false          | 0                 |                     | held_out
                2                       | true           | 0                 |                     |
                3                       | false          | 0                 |                     | held_out
                3                       | false          | 0                 |                     | offered
                4                       | false          | 0                 |                     | offered
                5                       | true           | 2                 | 1                   |
                5                       | false          | 1                 | 0                   |
            """,
        },
        """
        pattern_number | is_entitled | is_offered | is_withheld | is_universal_hold_out | first_reason_code | arm_code
        1              | false       | false      | false       | false                 | no_consent        |
        2              | true        | false      | true        | true                  |                   | held_out
        3              | false       | true       | true        | false                 |                   | offered
        4              | false       | true       | false       | false                 |                   |
        5              | false       | false      | false       | false                 | left              |
        """,
        {"gates": list(GATES)},
    )


def test_an_earlier_list_that_is_valid_and_a_channels_cap_close_its_strategies() -> None:
    check(
        read_model(ROOM, "campaign_earlier"),
        {
            "earlier_list": """
                customer_id | channel_code | is_entitlement | planned_on | valid_until::date
                valid       | call         | false          | 2026-05-20 | 2026-06-10
                over        | call         | false          | 2026-05-20 | 2026-05-31
                old         | call         | false          | 2026-05-20 | 2026-05-31
                new         | call         | false          | 2026-05-21 | 2026-05-31
                owed        | call         | true           | 2026-05-20 | 2026-06-10
                routed      | routing      | false          | 2026-05-20 | 2026-06-10
            """,
            "campaign_channel": """
                channel_code | strategy_mask::bigint | cap_most::bigint | cap_days::integer
                call         | 6                     | 2                | 30
                routing      | 1                     |                  | 1
            """,
            "person_of_customer": PERSONS,
        },
        """
        customer_id | listed_mask | capped_mask
        valid       | 6           | 0
        over        | 0           | 0
        new         | 0           | 6
        routed      | 1           | 0
        """,
        {"first_day": dt.date(2026, 6, 1)},
    )


def test_answers_of_the_contact_rules_are_gates_of_their_kind() -> None:
    check(
        read_model(ROOM, "campaign_contact"),
        {
            "contact_answer": """
                kind::integer | customer_id | reason_codes
                0             | A           | opted_out,no_consent,quiet_hours
                1             | A           | opted_out
                0             | B           | budget_spent
            """,
            "contact_gate": "reason_code | bit::integer\nopted_out | 4\nno_consent | 3",
        },
        f"customer_id | contact_mask\nA | {8 + 16 + (16 << 16)}",
        {"kind_bits": 16},
    )


def test_the_newest_measured_effect_of_each_kind_counts() -> None:
    check(
        read_model(ROOM, "campaign_effect"),
        {
            "effect_file": """
                month   | version::integer | strategy_code | outcome_code | estimand_code | difference::double | low::double | high::double
                2026-03 | 1                | rebate        | complaint    | itt           | -0.1               | -0.2        | 0.0
                2026-04 | 1                | rebate        | complaint    | itt           | -0.5               | -0.75       | -0.25
                2026-04 | 1                | rebate        | spend        | itt           | 3.0                | 1.0         | 5.0
                2026-04 | 1                | all           | complaint    | itt           | -0.5               | -0.6        | -0.4
                2026-05 | 1                | rebate        | complaint    | itt           | -0.9               | -1.0        | -0.8
            """
        },
        "strategy_code | outcome_code | helped_share | deviation\nrebate | complaint | 0.5 | 0.125",
        {"month": "2026-05", "bad_outcomes": ["complaint", "churn"], "width": 4.0},
    )


def test_who_is_withheld_has_the_strategy_of_their_lot_or_of_the_prices_as_shadow() -> None:
    check(
        read_model(ROOM, "campaign_shadow"),
        {
            "campaign_shadow_price": "place | strategy_number::integer\n1 | 5\n2 | 5",
            "campaign_sampled": "place | sampled_mask::bigint\n1 | 8\n2 | 4\n3 | 8",
            "campaign_placed": "place | pattern_number\n1 | 1\n2 | 1\n3 | 2",
            "campaign_gate_pattern": """
                pattern_number | strategy_number::integer | arm_code
                1              | 3                        | held_out
                1              | 2                        | offered
                2              | 3                        | offered
            """,
        },
        "place | strategy_number\n1 | 3\n2 | 5",
    )


def test_what_is_owed_takes_seats_and_yuan_worst_first_and_the_rest_is_overload() -> None:
    check(
        read_model(ROOM, "campaign_entitled"),
        {
            "campaign_case": """
                place | strategy_number::integer | pool_number | city_number | cost::integer | is_entitlement | gate_mask::bigint
                1     | 0                        | 1           | 7           | 10            | true           | 0
                2     | 0                        | 1           | 7           | 30            | true           | 0
                3     | 0                        | 1           | 7           | 10            | true           | 0
                4     | 0                        | 1           | 8           | 10            | true           | 0
                4     | 1                        | 1           | 8           | 10            | false          | 0
                5     | 0                        | 1           | 8           | 10            | true           | 1
            """,
            "campaign_strategy": """
                strategy_number::integer | pool_number | total::bigint
                0                        | 1           |
                1                        | 1           | 2
            """,
            "campaign_room": """
                strategy_number::integer | city_number | seats::bigint | budget::bigint | total::bigint
                0                        | 7           |               | 25             |
                0                        | 8           |               |                |
                1                        | 7           | 2             |                | 2
                1                        | 8           | 2             |                | 2
            """,
        },
        """
        place | strategy_number | pool_number | is_overload
        1     | 0               | 1           | false
        2     | 0               | 1           | true
        3     | 0               | 1           | true
        4     | 0               | 1           | false
        """,
    )


def test_a_case_has_the_cost_of_its_level_and_a_benefit_that_no_strategy_lifts_beyond_its_own() -> None:
    """Harm 20, of which the strategy can lift 6; a half of the weight is on the worst first: 100 x (3 x 2 + 10)."""
    check(
        read_model(ROOM, "campaign_case"),
        {
            "campaign_placed": "place | pattern_number\n1 | 1\n2 | 1",
            "campaign_gate_pattern": "pattern_number | strategy_number::integer | is_entitlement | gate_mask::bigint | arm_code\n1 | 0 | false | 0 | offered",
            "campaign_worth": "place | city_number | level::integer | harm::double | urgency::double\n1 | 7 | 2 | 20 | 2\n2 | 7 | 3 | 4 | 1",
            "campaign_strategy": """
                strategy_number::integer | pool_number | sample_share | probability::double | probability_low::double | probability_high::double | worst_first_weight::double | most_benefit::integer | lift_points::double
                0                        | 0           |              | 0.5                 | 0.25                    | 0.75                     | 0.5                        | 1000                  | 6
            """,
            "campaign_price_level": "strategy_number::integer | level::integer | cost::integer | amount::integer\n0 | 2 | 10 | 0\n0 | 3 | 30 | 20",
        },
        """
        place | strategy_number | cost | amount | benefit | benefit_low | benefit_high
        1     | 0               | 10   | 0      | 800     | 400         | 1000
        2     | 0               | 30   | 20     | 200     | 100         | 300
        """,
    )


def test_the_solver_chooses_from_what_is_offered_and_nobody_drawn_has() -> None:
    tables = {
        "campaign_case": """
            place | pattern_number | strategy_number::integer | city_number | benefit::integer | cost::integer | arm_code
            1     | 1              | 0                        | 7           | 80               | 10            | offered
            1     | 1              | 1                        | 7           | 60               | 5             | held_out
            2     | 1              | 0                        | 7           | 50               | 10            | offered
            3     | 2              | 0                        | 8           | 40               | 10            |
        """,
        "campaign_pattern_arm": "pattern_number | is_withheld\n1 | true\n2 | false",
        "campaign_drawn": "place | is_served\n2 | true",
    }
    listed = "place | strategy_number | benefit | cost\n1 | 0 | 80 | 10"
    check(read_model(ROOM, "campaign_pair"), tables, listed, {"is_shadow": False})
    withheld = "place | strategy_number | benefit | cost\n1 | 0 | 80 | 10\n1 | 1 | 60 | 5\n2 | 0 | 50 | 10"
    check(read_model(ROOM, "campaign_pair"), tables, withheld, {"is_shadow": True})


def test_each_day_takes_what_it_can_owed_then_drawn_then_the_worst() -> None:
    check(
        read_model(ROOM, "campaign_row"),
        {
            "campaign_entitled": "place | strategy_number::integer | is_overload\n4 | 0 | false\n5 | 0 | true",
            "campaign_chosen": """
                place | strategy_number::integer | is_drawn | sample_probability::double
                1     | 1                        | false    |
                2     | 1                        | false    |
                3     | 1                        | true     | 0.25
            """,
            "campaign_strategy": """
                strategy_number::integer | pool_number::integer | per_day::bigint
                0                        | 1                    |
                1                        | 1                    | 2
            """,
            "campaign_worth": "place | city_number\n1 | 7\n2 | 8\n3 | 7\n4 | 7\n5 | 7",
        },
        """
        place | strategy_number | rank | planned_on | sample_probability
        4     | 0               | 1    | 2026-06-01 |
        3     | 1               | 2    | 2026-06-01 | 0.25
        1     | 1               | 1    | 2026-06-02 |
        2     | 1               | 1    | 2026-06-02 |
        5     | 0               | 2    | 2026-06-30 |
        """,
        {"first_day": dt.date(2026, 6, 1), "last_day": dt.date(2026, 6, 30)},
    )


def test_every_reason_of_the_contact_rules_closes_a_gate_or_is_known_to_close_none() -> None:
    assert {reason.code for reason in REASONS} == GATE_OF_REASON.keys() | NO_GATE
    assert not GATE_OF_REASON.keys() & NO_GATE


def test_an_open_matter_mutes_every_commercial_strategy_and_service_calls_go_on() -> None:
    bit = 1 << GATES.index("complaint_open")
    assert contact_gates("rebate", "commercial") & bit
    assert not contact_gates("call", "service") & bit
