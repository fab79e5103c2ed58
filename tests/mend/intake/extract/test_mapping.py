"""What the keys of a mapping make of a source's values: small tables in and out."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mend.intake.extract.desk import DAY, Desk, Loaded

from mend.intake.core import load, reconcile
from mend.intake.quality import gate

AT = "2026-05-01 08:00:00"


def loaded(
    desk: Desk, table: str, columns: dict[str, Any], record: dict[str, Any] | None = None, zone: str = "Asia/Shanghai"
) -> Loaded:
    """Load a text table (columns apart by bars) as contacts with this mapping beside id, started and outcome."""
    lines = [",".join(field.strip() for field in row.split("|")) for row in table.strip().splitlines()]
    desk.write("\n".join(lines) + "\n")
    base = {
        "contact_id": "id",
        "started_at": {"constant": AT},
        "outcome": {"constant": "answered"},
    }

    def change(made: dict[str, Any]) -> None:
        made["zone"] = zone
        made["records"]["contact"] |= {"columns": base | columns} | (record or {})

    return desk.load(desk.source(change))


def test_a_joined_key_with_an_empty_part_rejects_its_row_and_names_part_and_column(desk: Desk) -> None:
    table = """
        line | id | server
        A    | 1  | S1
        A    | 2  |
             | 3  | S1
             |    |
        A    | 4  | ?
    """
    result = loaded(desk, table, {"contact_id": ["line", "id", "server"]}, {"null_values": ["?"]})
    assert [row[:2] for row in result.rows] == [(2, "A 1 S1")]
    assert desk.rejects("line_number, column_name, reason_code, bad_value, reasons") == [
        (3, "contact_id", "empty_part", "A 2 ", "contact_id: empty_part (server)"),
        (4, "contact_id", "empty_part", " 3 S1", "contact_id: empty_part (line)"),
        (5, "contact_id", "missing", None, "contact_id: missing"),
        (6, "contact_id", "empty_part", "A 4 ", "contact_id: empty_part (server)"),
    ]
    assert result.report.reasons() == [
        "contact.contact_id: empty_part (server): 2",
        "contact.contact_id: empty_part (line): 1",
        "contact.contact_id: missing: 1",
    ]


def test_a_part_s_default_stands_in_its_place_but_makes_no_value_of_nothing(desk: Desk) -> None:
    table = """
        line | id | server
        A    | 1  | S1
        A    | 2  |
             | 3  |
             |    |
    """
    parts = ["line", "id", {"column": "server", "default": "none"}]
    loaded(desk, table, {"contact_id": {"from": parts, "separator": "-"}})
    assert desk.rows("line_number, contact_id") == [(2, "A-1-S1"), (3, "A-2-none")]
    assert desk.rejects("line_number, reasons") == [(4, "contact_id: empty_part (line)"), (5, "contact_id: missing")]


def test_a_part_may_default_to_nothing_and_its_column_may_be_absent(desk: Desk) -> None:
    table = """
        id | line
        1  | A
        2  |
    """
    parts = ["id", {"column": "line", "default": ""}, {"column": "shift", "default": "x"}]
    loaded(desk, table, {"contact_id": {"from": parts, "separator": "", "optional": True}})
    assert desk.rows("contact_id") == [("1Ax",), ("2x",)]


def test_a_value_that_is_not_needed_is_not_lost_in_silence_either(desk: Desk) -> None:
    """A date without its time is no empty cell: the row is rejected, or kept with the cell counted as repaired."""
    table = """
        id | first | last
        1  | Li    | Wei
        2  | Li    |
        3  |       |
    """
    result = loaded(desk, table, {"agent_id": ["first", "last"]})
    assert desk.rows("contact_id, agent_id") == [("1", "Li Wei"), ("3", None)]
    assert result.rejects == [(3, "agent_id", "empty_part")]
    kept = loaded(desk, table, {"agent_id": {"from": ["first", "last"], "on_bad": "null"}})
    assert desk.rows("contact_id, agent_id") == [("1", "Li Wei"), ("2", None), ("3", None)]
    assert kept.report.files[0].repaired == {"agent_id": 1}


def test_texts_that_people_wrote_are_joined_from_what_is_there(desk: Desk) -> None:
    table = """
        id | subject | body
        1  | slow    | since Monday
        2  |         | since Monday
        3  | slow    |
        4  |         |
    """
    loaded(desk, table, {"note_text": {"from": ["subject", "body"], "separator": ": "}})
    assert desk.rows("note_text") == [("slow: since Monday",), ("since Monday",), ("slow",), (None,)]


def test_a_default_fills_empty_cells_and_never_unusable_ones(desk: Desk) -> None:
    table = """
        id | queue | topic | open | when                | kind
        1  | 12    | bill  | yes  | 2026-05-01 07:00:00 | X
        2  |       |       |      |                     |
        3  | abc   | NULL  | no   | 2026-05-01 07:00:00 | X
    """
    columns = {
        "queue_seconds": {"from": "queue", "default": 0},
        "topic_code": {"from": "topic", "default": "other", "null_values": ["NULL"]},
        "is_resolved": {"from": "open", "default": False},
        "started_at": {"from": "when", "default": "2026-05-01T06:30:00"},
        "outcome": {"from": "kind", "codes": {"X": "hung_up"}, "default": "phantom"},
    }
    result = loaded(desk, table, columns)
    assert desk.rows("contact_id, queue_seconds, topic_code, is_resolved, started_at::varchar, outcome") == [
        ("1", 12, "bill", True, "2026-05-01 07:00:00+08", "hung_up"),
        ("2", 0, "other", False, "2026-05-01 06:30:00+08", "phantom"),
    ]
    assert result.rejects == [(4, "queue_seconds", "bad_number")]
    columns["queue_seconds"]["on_bad"] = "null"
    loaded(desk, table, columns)
    assert desk.rows("contact_id, queue_seconds, topic_code") == [
        ("1", 12, "bill"),
        ("2", 0, "other"),
        ("3", None, "other"),
    ]


def test_a_condition_asks_whether_a_column_is_empty(desk: Desk) -> None:
    table = """
        id | server
        1  | S1
        2  |
        3  | ?
    """
    columns = {
        "is_answered": {"when": [{"column": "server", "is": "not null"}]},
        "is_abandoned": {"when": {"column": "server", "is": None}},
        "is_refused": {"when": [{"column": "nowhere", "is": "null"}], "optional": True},
    }
    loaded(desk, table, columns, {"null_values": ["?"]})
    assert desk.rows("contact_id, is_answered, is_abandoned, is_refused") == [
        ("1", True, False, True),
        ("2", False, True, True),
        ("3", False, True, True),
    ]


def test_conditions_see_texts_as_columns_do_and_leave_undecided_what_is_no_number(desk: Desk) -> None:
    table = """
        id | result     | wait
        1  | 　ＨＡＮＧ | １２
        2  | HANG       | 0
        3  | HANG       |
        4  | HANG       | much
        5  | AGENT      | much
    """
    columns = {"is_abandoned": {"when": [{"column": "result", "in": ["HANG"]}, {"column": "wait", "above": 0}]}}
    loaded(desk, table, columns)
    assert desk.rows("contact_id, is_abandoned") == [("1", True), ("2", False), ("3", False), ("4", None), ("5", False)]


def test_a_value_may_count_only_where_conditions_hold(desk: Desk) -> None:
    table = """
        id | event | seconds
        1  | talk  | 30
        2  | wait  | 40
    """
    where = {"column": "event", "in": ["talk"]}
    columns = {
        "talk_seconds": {"from": "seconds", "where": where},
        "queue_seconds": {"from": "seconds", "where": [{"column": "event", "in": ["wait"]}], "default": 0},
        "touchpoint_code": {"constant": "phone", "where": where},
    }
    loaded(desk, table, columns)
    assert desk.rows("talk_seconds, queue_seconds, touchpoint_code") == [(30, 0, "phone"), (None, 40, "hotline")]


def test_codes_with_full_width_letters_and_brackets_fit_as_they_are_written(desk: Desk) -> None:
    table = """
        id | result
        1  | 接通（人工）
        2  | 接通(人工)
        3  | Ａ１
        4  | A1
        5  | （空）
    """
    codes = {"接通（人工）": "answered", "A1": "refused"}
    loaded(
        desk, table, {"outcome": {"from": "result", "codes": codes, "null_values": ["（空）"], "default": "phantom"}}
    )
    assert desk.rows("outcome") == [("answered",), ("answered",), ("refused",), ("refused",), ("phantom",)]


INSTANT = "2026-05-01 08:00:00+08"
EPOCHS = {
    "epoch_seconds": {
        "1777593600": INSTANT,
        "1777593600.0": INSTANT,
        "1777593600.25": "2026-05-01 08:00:00.25+08",
        "０": "1970-01-01 08:00:00+08",
        "-86400": "1969-12-31 08:00:00+08",
        "1777593600000": None,  # milliseconds: the year 58300
        "1.7776E+09": None,
        "17775936001777593600": None,
        "noon": None,
    },
    "epoch_milliseconds": {
        "1777593600000": INSTANT,
        "1777593600123.0": "2026-05-01 08:00:00.123+08",
        "-1": "1970-01-01 07:59:59.999+08",
    },
    "epoch_microseconds": {"1777593600000000": INSTANT, "1777593600000001": "2026-05-01 08:00:00.000001+08"},
}


@pytest.mark.parametrize("form", EPOCHS)
def test_counts_since_1970_are_instants(desk: Desk, form: str) -> None:
    table = "id|at\n" + "\n".join(f"{place}|{text}" for place, text in enumerate(EPOCHS[form]))
    result = loaded(desk, table, {"started_at": {"from": "at", "formats": form}}, zone="America/New_York")
    found = {row[0]: row[1] for row in desk.rows("contact_id, started_at::varchar")}
    assert [found.get(str(place)) for place in range(len(EPOCHS[form]))] == list(EPOCHS[form].values())
    assert {reject[1:] for reject in result.rejects} <= {("started_at", "bad_timestamp")}


def test_a_pattern_of_dates_that_stands_before_an_epoch_goes_first(desk: Desk) -> None:
    table = """
        id | at
        1  | 20260430
        2  | 1777593600
    """
    loaded(desk, table, {"started_at": {"from": "at", "formats": ["%Y%m%d", "epoch_seconds"]}})
    assert desk.rows("started_at::varchar") == [("2026-04-30 00:00:00+08",), (INSTANT,)]


LENGTHS = [
    # form, text, seconds or the reason
    ("HH:MM:SS", "00:05:30", 330),
    ("HH:MM:SS", "1:02:03", 3723),
    ("HH:MM:SS", "26:00:00", 93600),
    ("HH:MM:SS", "1:02:03.0", 3723),
    ("HH:MM:SS", "1:02:03.5", "fraction_of_second"),
    ("HH:MM:SS", "-00:00:05", "negative"),
    ("HH:MM:SS", "05:30", "bad_duration"),
    ("HH:MM:SS", "00:61:00", "bad_duration"),
    ("HH:MM:SS", "00:00:60", "bad_duration"),
    ("HH:MM:SS", "9999999:00:00", "bad_number"),
    ("MM:SS", "05:30", 330),
    ("MM:SS", "75:30", 4530),
    ("MM:SS", "75:30:10", "bad_duration"),
    ("HH:MM", "05:30", 19800),
    ("seconds", "330", 330),
    ("interval", "PT1H2M3S", 3723),
    ("interval", "pt90m", 5400),
    ("interval", "P1DT2H", 93600),
    ("interval", "P2W", 1209600),
    ("interval", "PT0.5S", "fraction_of_second"),
    ("interval", "-PT5S", "negative"),
    ("interval", "P1M", "bad_duration"),
    ("interval", "PT", "bad_duration"),
    ("interval", "P", "bad_duration"),
    ("interval", "0 days 00:05:00", 300),
    ("interval", "1 day; 2:00:00", 93600),
    ("interval", "2 days", 172800),
    ("interval", "2 days 03:00:04.000000", 183604),
    ("interval", "-1 day; 23:59:50", "negative"),
    ("interval", "0:05:00", 300),
    ("interval", "26:00:00", 93600),
    ("interval", "3 mons", "bad_duration"),
    ("interval", "five minutes", "bad_duration"),
]


@pytest.mark.parametrize("form", ["HH:MM:SS", "MM:SS", "HH:MM", "seconds", "interval"])
def test_lengths_of_time_are_seconds(desk: Desk, form: str) -> None:
    cases = [(text, meant) for each, text, meant in LENGTHS if each == form]
    desk.write(
        "id;talk\n" + "\n".join(f"{place};{text.replace(';', ',')}" for place, (text, _) in enumerate(cases)) + "\n"
    )

    def change(made: dict[str, Any]) -> None:
        talk = {"from": "talk", "formats": form}
        columns = {
            "contact_id": "id",
            "started_at": {"constant": AT},
            "outcome": {"constant": "answered"},
            "talk_seconds": talk,
        }
        made["records"]["contact"] |= {"columns": columns, "reader": {"delimiter": ";"}}

    result = desk.load(desk.source(change))
    found: dict[int, Any] = dict(desk.rows("line_number, talk_seconds"))
    found |= {line: reason for line, _, reason in result.rejects}
    assert {cases[line - 2][0]: meant for line, meant in found.items()} == dict(cases)


def test_lengths_of_several_forms_in_one_column_and_parts_of_a_second_rounded_where_said(desk: Desk) -> None:
    table = """
        id | talk
        1  | 05:30
        2  | 1:02:03.5
        3  | 330
        4  | 0.4
    """
    forms = ["HH:MM:SS", "MM:SS", "seconds"]
    loaded(desk, table, {"talk_seconds": {"from": "talk", "formats": forms, "round": True}})
    assert desk.rows("talk_seconds") == [(330,), (3724,), (330,), (0,)]


def test_a_number_of_seconds_with_decimals_is_rounded_where_said(desk: Desk) -> None:
    table = """
        id | talk
        1  | 7.5
        2  | 7
        3  | 0.4
        4  | -3.2
    """
    result = loaded(desk, table, {"talk_seconds": {"from": "talk", "round": True}})
    assert desk.rows("talk_seconds") == [(8,), (7,), (0,)]
    assert result.rejects == [(5, "talk_seconds", "negative")]


DIFFERENCES = [
    # zone, from, to, seconds or the reason
    ("Asia/Shanghai", "2026-05-01 08:00:00", "2026-05-01 08:05:30", 330),
    ("Asia/Shanghai", "2026-04-30 23:59:50", "2026-05-01 00:00:10", 20),
    ("Asia/Shanghai", "2026-05-01T08:00:00+08:00", "2026-05-01 02:00:30+02:00", 30),
    ("Asia/Shanghai", "2026-05-01 08:00:00", "2026-05-01T00:00:30Z", 30),
    ("Asia/Shanghai", "2026-05-01 08:00:00.900", "2026-05-01 08:00:02.800", 1),
    ("Asia/Shanghai", "2026-05-01 08:00:10", "2026-05-01 08:00:00", "negative"),
    ("Asia/Shanghai", "2026-05-01 08:00:10", "", None),
    ("Asia/Shanghai", "2026-05-01 08:00:10", "later", "bad_timestamp"),
    ("America/New_York", "2026-03-08 01:30:00", "2026-03-08 03:30:00", 3600),  # the clocks skip an hour
    ("America/New_York", "2026-03-08 02:30:00", "2026-03-08 03:30:00", "nonexistent_local_time"),
    ("America/New_York", "2025-11-02 00:30:00", "2025-11-02 02:30:00", 10800),  # an hour comes twice
    ("America/New_York", "2025-11-02 00:50:00", "2025-11-02 01:10:00", "ambiguous_local_time"),
    ("America/New_York", "2025-11-02 00:50:00-04:00", "2025-11-02 01:10:00-05:00", 4800),
    ("Australia/Lord_Howe", "2025-04-06 01:20:00", "2025-04-06 02:20:00", 5400),  # half an hour comes twice
    ("Australia/Lord_Howe", "2025-04-06 01:20:00", "2025-04-06 01:45:00", "ambiguous_local_time"),
]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
def test_a_difference_of_two_times_is_in_seconds_that_passed(desk: Desk, zone: str) -> None:
    cases = [case[1:] for case in DIFFERENCES if case[0] == zone]
    table = "id|a|b\n" + "\n".join(f"{place}|{first}|{last}" for place, (first, last, _) in enumerate(cases))
    result = loaded(desk, table, {"talk_seconds": {"seconds_between": ["a", "b"]}}, zone=zone)
    found: dict[int, Any] = dict(desk.rows("line_number, talk_seconds"))
    found |= {line: reason for line, _, reason in result.rejects}
    assert [found[place + 2] for place in range(len(cases))] == [meant for *_, meant in cases]


@pytest.mark.parametrize(("meant", "seconds"), [("earlier", 1200), ("later", 4800)])
def test_which_of_two_equal_local_times_is_meant_can_be_said(desk: Desk, meant: str, seconds: int) -> None:
    table = """
        id | day        | from     | to
        1  | 2025-11-02 | 00:50:00 | 01:10:00
        2  | 2025-11-02 | 00:50:00 |
    """
    ends = [["day", "from"], ["day", "to"]]
    result = loaded(
        desk, table, {"talk_seconds": {"seconds_between": ends, "ambiguous": meant}}, zone="America/New_York"
    )
    assert desk.rows("contact_id, talk_seconds") == [("1", seconds)]
    assert desk.rejects("line_number, reasons") == [(3, "talk_seconds: empty_part (to)")]
    assert result.report.counts()["contact"]["rejected"] == 1


def test_a_time_that_comes_twice_is_read_as_the_later_and_said_in_the_report(desk: Desk) -> None:
    table = """
        id | at
        1  | 2025-11-02 01:30:00
        2  | 2025-11-02 01:30:00-04:00
        3  | 2025-11-02 03:30:00
    """
    result = loaded(desk, table, {"started_at": "at"}, zone="America/New_York")
    assert desk.rows("epoch(started_at)::bigint") == [(1762065000,), (1762061400,), (1762072200,)]
    assert result.report.files[0].ambiguous == {"started_at": 1}
    assert result.report.counts()["contact"]["ambiguous"] == 1
    assert "1 of started_at; say ambiguous: earlier or later" in result.report.warnings[-1]
    said = loaded(desk, table, {"started_at": {"from": "at", "ambiguous": "earlier"}}, zone="America/New_York")
    assert desk.rows("epoch(started_at)::bigint")[0] == (1762061400,)
    assert "ambiguous" not in said.report.counts()["contact"]


def test_days_may_be_counts_since_1970_and_are_those_of_the_zone(desk: Desk) -> None:
    """2026-04-30 20:00 in London is the first of May in Shanghai."""

    def change(made: dict[str, Any]) -> None:
        month_on = {"from": "month", "formats": ["%Y-%m-%d", "epoch_seconds"]}
        made["records"] = {
            "customer": {"path": "{business_date}/contact.csv", "columns": {"customer_id": "id", "month_on": month_on}}
        }

    desk.write("id,month\n1,1777575600\n2,2026-05-01\n")
    desk.load(desk.source(change))
    desk.bench.view("raw_customer")
    assert desk.bench.sql("select customer_id, month_on from raw_customer order by 1") == [("1", DAY), ("2", DAY)]


def test_a_rating_without_a_customer_loads_as_unattributed_and_is_counted(desk: Desk) -> None:
    desk.write("id,customer,score,day\n1,700,9,2026-05-01\n2,,3,2026-05-01\n3,0,4,2026-05-01\n")
    columns = {
        "survey_id": "id",
        "customer_id": {"from": "customer", "null_values": ["0"]},
        "about_kind_code": {"constant": "campaign"},
        "about_id": {"constant": "province 2026"},
        "purpose_code": {"constant": "resurvey"},
        "sent_at": {"from": "day", "formats": "%Y-%m-%d"},
        "replied_at": {"from": "day", "formats": "%Y-%m-%d"},
        "score": "score",
        "score_scale": {"constant": 10},
    }
    described = {"path": "{business_date}/contact.csv", "columns": columns}
    report = desk.load(desk.source(lambda made: made.update(records={"survey_reply": described}))).report
    assert report.counts()["survey_reply"]["unattributed"] == 2
    gate(desk.home, desk.bench, [DAY])
    load(desk.home, desk.bench, [DAY])
    assert [(each.lines, each.accepted) for each in reconcile(desk.home, desk.bench, [DAY])] == [(3, 3)]
    desk.bench.view("core_survey_reply")
    assert desk.bench.sql("select survey_id, customer_id, score from core_survey_reply order by 1") == [
        ("1", "700", 9),
        ("2", None, 3),
        ("3", None, 4),
    ]


def test_a_mapping_without_a_new_key_keeps_its_fingerprint(desk: Desk) -> None:
    def with_talk(**keys: Any) -> str:
        mapping = {"from": ["talk_seconds"], **keys}
        return desk.source(lambda made: made["records"]["contact"]["columns"].update(talk_seconds=mapping)).fingerprint(
            "contact"
        )

    assert desk.source().fingerprint("contact") == with_talk(on_bad="reject") != with_talk(default=0)
