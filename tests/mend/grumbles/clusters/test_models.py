"""The clusters' models on text tables."""

from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/clusters"


def test_a_grumble_counts_for_the_area_of_its_point_in_any_version_of_the_taxonomy() -> None:
    grumbles = """
        customer_id | grumble_type_code
        A           | weak
        B           | tariff
        C           | foreign
    """
    taxonomy = """
        grumble_type_code | parent_code
        weak              |
        weak              | network
        tariff            |
    """
    expected = """
        customer_id | area_code
        A           | network
        B           | tariff
        C           | foreign
    """
    check(read_model(ROOM, "input_grumble"), {"grumble_file": grumbles, "taxonomy": taxonomy}, expected)


def test_the_sample_is_the_same_in_every_run_and_leaves_out_who_showed_nothing() -> None:
    features = """
        customer_id | is_silent | age
        A           | false     | 1
        B           | true      | 2
        C           | false     | 3
        D           | false     | 4
    """  # by MD5: C, A, B, D
    sample, fills = read_model(ROOM, "sample"), {"features": "customer_id"}
    check(sample, {"feature": features}, """
        customer_id
        A
        B
        C
    """, {"is_of_shown": False, "most_rows": 3}, fills)  # fmt: skip
    check(sample, {"feature": features}, """
        customer_id
        A
        C
        D
    """, {"is_of_shown": True, "most_rows": 3}, fills)  # fmt: skip


def test_each_cluster_of_a_kind_is_counted() -> None:
    customers = """
        customer_id | value_code | behaviour_code
        A           | high       | not_shown_yet
        B           | high       | tariff_sensitive
    """
    expected = """
        kind_code | cluster_code     | customers
        value     | high             | 2
        behaviour | not_shown_yet    | 1
        behaviour | tariff_sensitive | 1
    """
    check(read_model(ROOM, "cluster_count"), {"customer_cluster": customers}, expected)


def test_without_a_snapshot_the_customers_are_those_who_were_seen() -> None:
    named = ("customer_id", "status_code", "brand_code", "joined_on", "arpu_amount", "value_added_amount")
    counted = ("birth_year", "minutes_of_use", "sms_count", "data_mb")
    empty = " | ".join([*named, *counted])
    seen = """
        customer_id
        A
        B
    """
    expected = """
        customer_id | birth_year
        A           |
        B           |
    """
    inputs = dict.fromkeys(("input_contact", "input_grumble", "input_complaint", "input_reply"), seen)
    check(read_model(ROOM, "input_customer"), {**inputs, "snapshot": empty}, expected)
