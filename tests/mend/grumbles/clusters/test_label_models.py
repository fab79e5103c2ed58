"""The clusters' models of groups, labels, claims and stability on text tables."""

# ruff: noqa: E501 - rows of text tables

from __future__ import annotations

import datetime as dt

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/clusters"


def test_spend_counts_within_the_brands_bounds_and_an_unknown_one_has_no_group() -> None:
    figures = """
        customer_id | brand_code | age::double | tenure_months::double | spend::double
        A           | global     | 30          | 5                     | 9.0
        B           | global     | 30          | 5                     |
        C           | mzone      | 30          | 5                     | 0.0
    """
    bounds = """
        brand_code | low::double | high::double
        global     | 0.0 | 0.0
    """
    expected = """
        customer_id | value_group_code | spend_amount
        A           | global:1         | 0.0
        B           |                  |
        C           | mzone            | 0.0
    """
    number = "case when brand_code = 'global' then 1 end"
    check(
        read_model(ROOM, "customer_group"),
        {"value_figure": figures, "brand_bound": bounds},
        expected,
        fills={"number": number},
    )


def test_sums_of_a_group_are_of_whole_ten_thousandths_and_of_what_is_known() -> None:
    customers = """
        customer_id | value_group_code | spend_amount::double | spend::double | age::double | tenure_months::double
        A           | mzone            | 0.1                  | 0.1           | 30          |
        B           | mzone            | 0.2                  | 0.2           |             |
    """
    check(read_model(ROOM, "group_sum"), {"customer_group": customers}, """
        value_group_code | customers | spend_amount | spend | age    | age_known | tenure_months_known
        mzone            | 2         | 3000         | 3000  | 300000 | 1         | 0
    """)  # fmt: skip


def test_a_label_is_the_likeliest_class_that_the_own_record_allows() -> None:
    figures = """
        customer_id | is_shown | angry_count
        A           | true     | 3
        B           | true     | 0
        C           | false    | 0
    """
    scores = "[case when angry_count > 0 then 5.0 else -1e300 end, 1.0]"
    model = read_model(ROOM, "customer_label")
    values = {"names": ["limited_tolerance", "cooperative_realist"], "default_name": "not_shown_yet"}
    check(model, {"behaviour_figure": figures}, """
        customer_id | code
        A           | limited_tolerance
        B           | cooperative_realist
    """, values, {"scores": scores, "who": "is_shown"})  # fmt: skip
    check(model, {"behaviour_figure": figures}, """
        customer_id | code
        A           | limited_tolerance
        B           | not_shown_yet
    """, values, {"scores": "[case when angry_count > 0 then 5.0 else -1e300 end]", "who": "is_shown"})  # fmt: skip


LABELS = {
    "customer_consumption": """
        customer_id | code
        A           | web_wap
        B           | web_wap
    """,
    "customer_behaviour": """
        customer_id | code
        A           | limited_tolerance
    """,
}


def test_labels_are_counted() -> None:
    check(read_model(ROOM, "label_count"), LABELS, """
        kind_code   | code              | customers
        behaviour   | limited_tolerance | 1
        consumption | web_wap           | 2
    """)  # fmt: skip


def test_everybody_has_every_kind_and_a_withdrawn_label_is_the_default() -> None:
    groups = """
        customer_id | value_group_code
        A           | mzone:1
        B           | mzone:2
        C           |
    """
    classes = """
        value_group_code | value_code
        mzone:1          | high
        mzone:2          | normal
    """
    withdrawn = """
        kind_code | code
        behaviour | limited_tolerance
    """
    defaults = {"value_default": "normal", "consumption_default": "no_preference", "behaviour_default": "not_shown_yet"}
    inputs = {**LABELS, "customer_group": groups, "value_class": classes, "withdrawn": withdrawn}
    check(read_model(ROOM, "customer_cluster"), inputs, """
        month   | customer_id | value_code | value_group_code | consumption_code | behaviour_code | cluster_code
        2026-05 | A           | high       | mzone:1          | web_wap          | not_shown_yet  | high:not_shown_yet
        2026-05 | B           | normal     | mzone:2          | web_wap          | not_shown_yet  | normal:not_shown_yet
        2026-05 | C           | normal     |                  | no_preference    | not_shown_yet  | normal:not_shown_yet
    """, {"month": "2026-05", **defaults})  # fmt: skip


CLUSTERS = """
    customer_id | value_code | value_group_code | consumption_code | behaviour_code
    A           | high       | mzone:1          | web_wap          | not_shown_yet
    B           | high       |                  | web_wap          | tariff_sensitive
"""


def test_each_cluster_of_a_kind_is_counted() -> None:
    check(read_model(ROOM, "cluster_count"), {"customer_cluster": CLUSTERS}, """
        kind_code   | cluster_code     | customers
        behaviour   | not_shown_yet    | 1
        behaviour   | tariff_sensitive | 1
        consumption | web_wap          | 2
        value       | high             | 2
        value_group | mzone:1          | 1
    """)  # fmt: skip


def test_outcomes_are_summed_by_label() -> None:
    figures = """
        customer_id | is_shown | angry_count
        A           | true     | 3
        B           | true     | 4
        C           | true     | 5
    """
    fills = {"label": "consumption_code", "sums": "cast(sum(angry_count) as bigint) as angry_count", "who": "is_shown"}
    check(read_model(ROOM, "label_sum"), {"customer_cluster": CLUSTERS, "behaviour_figure": figures}, """
        code    | customers | angry_count
        web_wap | 2         | 7
    """, fills=fills)  # fmt: skip


WATCHED = """
    customer_id | value_code | consumption_code | behaviour_code   | age::double | tenure_months::double | spend::double | is_shown::boolean | traditional_count::integer | ivr_sms_count::integer | web_wap_count::integer | angry_count::integer
    A           | high       | web_wap          | tariff_sensitive | 30  | 5             | 4.0   | true     | 0                 | 0             | 4             | 2
    B           | low        | no_preference    | not_shown_yet    | 60  | 50            | 2.0   |          |                   |               |               |
"""


def test_the_watched_are_those_with_the_smallest_digests_with_figures_and_labels() -> None:
    value = """
        customer_id | age | tenure_months | spend
        A           | 30  | 5             | 4.0
        B           | 60  | 50            | 2.0
    """
    behaviour = """
        customer_id | is_shown | angry_count
        A           | true     | 2
    """
    inputs = {"customer_cluster": CLUSTERS, "value_figure": value, "behaviour_figure": behaviour}
    check(read_model(ROOM, "watched"), inputs, """
        month   | customer_id | value_code | behaviour_code   | age | spend | is_shown | angry_count
        2026-05 | A           | high       | not_shown_yet    | 30  | 4.0   | true     | 2
        2026-05 | B           | high       | tariff_sensitive | 60  | 2.0   |          |
    """, {"month": "2026-05", "most_rows": 9})  # fmt: skip
    check(read_model(ROOM, "watched"), inputs, "customer_id\nA", {"month": "2026-05", "most_rows": 1})


def test_of_those_who_hardly_moved_it_is_counted_who_kept_their_label() -> None:
    now = """
        customer_id | value_code | consumption_code | behaviour_code    | age::double | tenure_months::double | spend::double | is_shown::boolean | traditional_count::integer | ivr_sms_count::integer | web_wap_count::integer | angry_count::integer
        A           | high       | web_wap          | limited_tolerance | 30  | 5             | 4.05  | true     | 0                 | 0             | 4             | 2
        B           | low        | no_preference    | not_shown_yet     | 60  | 50            | 2.5   |          |                   |               |               |
    """
    fills = {
        "spreads": "stddev_pop(spend) as spend",
        "value_still": "abs(now_.spend - then_.spend) <= 0.1 * spread.spend",
        "consumption_still": "now_.web_wap_count = then_.web_wap_count",
        "behaviour_still": "now_.angry_count = then_.angry_count",
    }
    check(read_model(ROOM, "kept_count"), {"watch_before": WATCHED, "watched": now}, """
        kind_code   | still | kept
        value       | 1     | 1
        consumption | 1     | 1
        behaviour   | 1     | 0
    """, fills=fills)  # fmt: skip


def test_a_complaint_is_soon_within_seven_days_of_a_grumble_that_was_not_solved() -> None:
    grumbles = """
        customer_id | grumbled_at::timestamp | grumbled_on::date | is_solved_at_once::boolean | complaint_id
        SOON        | 2026-05-03 10:00:00    | 2026-05-03        | false                      |
        LATE        | 2026-05-03 10:00:00    | 2026-05-03        | false                      |
        SOLVED      | 2026-05-03 10:00:00    | 2026-05-03        | true                       |
        NEVER       | 2026-05-03 10:00:00    | 2026-05-03        | false                      |
        OPEN        | 2026-05-30 10:00:00    | 2026-05-30        | false                      |
        BEFORE      | 2026-04-30 10:00:00    | 2026-04-30        | false                      |
    """
    complaints = """
        customer_id | complained_at::timestamp
        SOON        | 2026-05-05 10:00:00
        LATE        | 2026-05-20 10:00:00
        SOLVED      | 2026-05-03 10:00:00
        NEVER       | 2026-05-01 10:00:00
    """
    check(read_model(ROOM, "complaint_after"), {"input_grumble": grumbles, "input_complaint": complaints}, """
        customer_id | has_complaint | has_complaint_soon
        SOON        | true          | true
        LATE        | true          | false
        SOLVED      | true          |
        NEVER       | false         | false
        OPEN        | false         |
    """, {"month_first": dt.date(2026, 5, 1), "followed_until": dt.date(2026, 5, 24)})  # fmt: skip


def test_claims_are_counted_by_the_label_of_the_month_before() -> None:
    before = """
        customer_id | consumption_code | behaviour_code
        A           | web_wap          | tariff_sensitive
        B           | web_wap          | not_shown_yet
        C           | web_wap          | not_shown_yet
    """
    contact = """
        customer_id | angry_count | annoyed_count | traditional_count | ivr_sms_count | web_wap_count
        A           | 0           | 0             | 0                 | 0             | 3
    """
    grumble = """
        customer_id | money_count | other_count
        A           | 1           | 0
        B           | 0           | 2
    """
    complaint = """
        customer_id | has_complaint::boolean | has_complaint_soon::boolean
        B           | true                   |
    """
    inputs = {"cluster_before": before, "contact_now": contact, "grumble_now": grumble, "complaint_after": complaint}
    check(read_model(ROOM, "claim_count"), inputs, """
        kind_code   | code             | question    | customers | are_true
        behaviour   | not_shown_yet    | about_money | 1         | 0
        behaviour   | not_shown_yet    | complains   | 1         | 1
        behaviour   | tariff_sensitive | about_money | 1         | 1
        behaviour   | tariff_sensitive | ivr_sms     | 1         | 0
        behaviour   | tariff_sensitive | traditional | 1         | 0
        behaviour   | tariff_sensitive | web_wap     | 1         | 1
        consumption | web_wap          | about_money | 2         | 1
        consumption | web_wap          | complains   | 1         | 1
        consumption | web_wap          | ivr_sms     | 1         | 0
        consumption | web_wap          | traditional | 1         | 0
        consumption | web_wap          | web_wap     | 1         | 1
    """)  # fmt: skip


def test_months_of_earlier_versions_leave_nothing_to_the_next() -> None:
    clusters = """
        month   | customer_id | consumption_code | behaviour_code
        2026-04 | OLD         |                  | tolerant
        2026-04 | NEW         | web_wap          | not_shown_yet
        2026-03 | ELSE        | web_wap          | not_shown_yet
    """
    check(read_model(ROOM, "cluster_before"), {"cluster_file": clusters}, """
        customer_id | behaviour_code
        NEW         | not_shown_yet
    """, {"month": "2026-04"})  # fmt: skip
    profiles = """
        month   | kind_code | cluster_code | fit | claim_state_code
        2026-04 | value     | high         |     |
        2026-04 | behaviour | tolerant     | {}  | confirmed
    """
    check(read_model(ROOM, "profile_before"), {"profile_file": profiles}, """
        kind_code | cluster_code | fit | claim_state_code
        behaviour | tolerant     | {}  | confirmed
    """, {"month": "2026-04"})  # fmt: skip
    watch = """
        month   | customer_id
        2026-04 | A
        2026-03 | B
    """
    check(read_model(ROOM, "watch_before"), {"watch_file": watch}, """
        month   | customer_id
        2026-04 | A
    """, {"month": "2026-04"})  # fmt: skip
