"""The models of who grumbles how, on a few rows."""

from __future__ import annotations

from typing import Final

from tests.mend.grumbles.lifecycle.models import PERSONS, RANKS, ours


def test_who_hung_up_the_ledger_says_once_each() -> None:
    ours(
        "hang_up",
        {
            "person_of_customer": PERSONS,
            "posted": """
                customer_id | entry_kind_code | indicator_id
                old         | debit           | CON-02
                anna        | debit           | IVR-09
                bert        | debit           | CON-04
                carl        | cap             | CON-02
                dora        | debit           | IVR-09
            """,
        },
        "customer_id\nanna\ndora",
    )


def test_grumbles_and_complaints_go_under_the_id_that_stays() -> None:
    ours(
        "grumble",
        {
            "person_of_customer": PERSONS,
            "grumble_file": """
                grumble_id | customer_id | grumble_type_code
                contact:1  | old         | marketing
                contact:2  | bert        |
            """,
        },
        """
            grumble_id | customer_id | grumble_type_code
            contact:1  | anna        | marketing
            contact:2  | bert        |
        """,
    )
    ours(
        "complaint",
        {"person_of_customer": PERSONS, "complaint_file": "complaint_id | customer_id\n T1 | old\n T2 |"},
        "complaint_id | customer_id\n T1 | anna",
    )


def test_last_months_form_of_two_ids_is_the_further_one() -> None:
    ours(
        "form_before",
        {
            "person_of_customer": PERSONS,
            "form_rank": RANKS,
            "form_file": """
                customer_id | form_code
                old         | complaining
                anna        | silent
                bert        | grumbling
            """,
        },
        """
            customer_id | form_number
            anna        | 3
            bert        | 2
        """,
    )


FORMS: Final = {
    "form_rank": RANKS,
    "hang_up": "customer_id\n anna\n bert\n emil",
    "caller": """
        customer_id | level::integer | is_stopped
        carl        | 2              | true
        dora        | 2              | false
        gina        | 0              | true
    """,
    "grumble": "customer_id\n bert\n bert\n hugo",
    "complaint": "customer_id\n hugo\n ilse",
    "leaver": "customer_id\n ilse",
    "customer_now": """
        customer_id | lifecycle_stage_code | level::integer
        anna        | stable               | 1
        bert        | formation            | 2
        carl        | decline              | 1
        hugo        | stable               | 3
        ilse        | stable               | 4
    """,
    "form_before": """
        customer_id | form_number
        anna        | 1
        bert        | 3
        hugo        | 2
        jane        | 2
    """,
}


def test_the_furthest_form_counts_and_its_trend_is_against_last_months() -> None:
    ours(
        "form",
        FORMS,
        """
            customer_id | form_code   | silence_code    | previous_form_code | trend_code | lifecycle_stage_code | level
            anna        | silent      | hang_up         | silent             | same       | stable               | 1
            bert        | grumbling   |                 | complaining        | down       | formation            | 2
            carl        | silent      | stopped_calling |                    | first      | decline              | 1
            emil        | silent      | hang_up         |                    | first      | unknown              | 0
            hugo        | complaining |                 | grumbling          | up         | stable               | 3
            ilse        | leaving     |                 |                    | first      | stable               | 4
        """,
    )


def test_without_last_months_forms_no_trend_is_known() -> None:
    ours(
        "form",
        {**FORMS, "form_before": "customer_id | form_number"},
        """
            customer_id | form_code   | trend_code
            anna        | silent      | not_known
            bert        | grumbling   | not_known
            carl        | silent      | not_known
            emil        | silent      | not_known
            hugo        | complaining | not_known
            ilse        | leaving     | not_known
        """,
        is_month_before_known=False,
    )
