"""What the tests of the models share: days, persons, kinds of source."""

from __future__ import annotations

import datetime as dt

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
