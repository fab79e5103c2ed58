"""The models of recording alike on text tables."""

from __future__ import annotations

from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check

ROOM = "grumbles/recording"
CONTACTS = """
    contact_id | started_on | center_code | agent_id | topic_code | direction_code | grumble_type_code | note_text
    1          | 2026-05-01 | north       | a        | bill       | inbound        | own.bill          | too much
    2          | 2026-05-01 |             | b        | bill       | inbound        | own.bill          | too much
    3          | 2026-05-01 | south       | c        | bill       | inbound        | foreign           | too much
    4          | 2026-05-01 | south       | c        | bill       | inbound        | own.bill          |
    5          | 2026-05-01 | south       | c        | bill       | outbound       |                   |
    6          | 2026-05-01 | south       |          | bill       | inbound        |                   |
"""
CODES = """
    source_code | code
    own.bill    | tariff_billing.charge_dispute
"""


def test_notes_are_read_again_where_the_source_gave_a_code_that_is_known() -> None:
    check(read_model(ROOM, "coded_note"), {"contact_file": CONTACTS, "code_map": CODES}, """
        contact_id | center_code | agent_id | code                          | note
        1          | north       | a        | tariff_billing.charge_dispute | too much
        2          | unknown     | b        | tariff_billing.charge_dispute | too much
    """, {"most": 10})  # fmt: skip


def test_a_complaint_is_held_against_its_contact_only_where_its_own_words_were_read() -> None:
    tickets = """
        ticket_id | contact_id
        T1        | 1
        T2        | 2
        T3        | 5
    """
    complaints = """
        complaint_id | complaint_type_code       | classified_by_code
        T1           | tariff_billing.plan_price | text
        T2           | tariff_billing            | source
        T3           | tariff_billing            | text
    """
    inputs = {"contact_file": CONTACTS, "code_map": CODES, "ticket_file": tickets, "complaint": complaints}
    check(read_model(ROOM, "ticket_pair"), inputs, """
        center_code | agent_id | code                          | other
        north       | a        | tariff_billing.charge_dispute | tariff_billing.plan_price
    """)  # fmt: skip


def test_calls_are_those_that_an_agent_served_with_what_was_recorded_of_them() -> None:
    grumbles = """
        source_kind_code | source_id | grumble_type_code
        contact          | 1         | tariff_billing.charge_dispute
        contact          | 2         |
        ticket           | 3         | marketing
    """
    check(read_model(ROOM, "like_call"), {"contact_file": CONTACTS, "grumble": grumbles}, """
        center_code | agent_id | topic_code | area_code      | calls
        north       | a        | bill       | tariff_billing | 1
        unknown     | b        | bill       | unclassified   | 1
        south       | c        | bill       |                | 2
    """)  # fmt: skip
