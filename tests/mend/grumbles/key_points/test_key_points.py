"""Key points, their specialists, and the work that is put on record."""

# ruff: noqa: E501 - rows of text tables

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.mend.grumbles.warning.tables import put

from mend.cli.main import parser
from mend.foundation.home import Home
from mend.foundation.pipeline.model import read_model
from mend.foundation.pipeline.testing import check
from mend.foundation.pipeline.workbench import Workbench
from mend.grumbles.key_points.errors import KeyPointWorkError, SpecialistError
from mend.grumbles.key_points.points import key_points, specialists_of
from mend.grumbles.key_points.report import duty_lines, rows, work_lines
from mend.grumbles.key_points.rules import FOLDER, load_specialists
from mend.grumbles.key_points.work import Work, record, work_of

AT = dt.datetime(2026, 6, 3, 4, tzinfo=dt.UTC)
NAMES = {"marketing": "营销"}


def _world(bench: Workbench) -> None:
    put(bench, "mart_association", [
        {"month": "2026-05", "grumble_type_code": "marketing", "coefficient": 1.4, "coefficient_low": 1.0,
         "coefficient_high": 1.8, "is_key": True, "rank": 1, "previous_rank": 3, "previous_coefficient": 0.9},
        {"month": "2026-05", "grumble_type_code": "call_quality", "coefficient": 0.2, "rank": 2},
    ])  # fmt: skip


def _work(**other: object) -> Work:
    words = {"duty": "listen", "work": "listened to 20 recordings", "result": "terms were read too fast", "by": "Li"}
    return Work(**{"month": "2026-05", "point": "marketing", "cluster": "all", "at": AT, **words, **other})  # type: ignore[arg-type]


def test_key_points_are_everybodys_first_by_rank() -> None:
    check(read_model("grumbles/key_points", "key_point"), {"association": """
        month   | window_days | complaint_type_code | cluster_code     | grumble_type_code | rank | is_key | coefficient | coefficient_low | coefficient_high | previous_rank | previous_coefficient
        2026-05 | 14          | any                 | limited_patience | marketing         | 1    | true   | 2.0         |                 |                  |               |
        2026-05 | 14          | any                 | all              | network_coverage  | 1    | true   | 1.0         |                 |                  |               |
        2026-05 | 14          | any                 | all              | call_quality      | 2    | false  | 0.1         |                 |                  |               |
        2026-05 | 7           | any                 | all              | call_quality      | 1    | true   | 0.1         |                 |                  |               |
    """}, """
        cluster_code     | grumble_type_code
        all              | network_coverage
        limited_patience | marketing
    """, {"month": "2026-05", "window_days": 14})  # fmt: skip


def test_work_is_on_record_once_with_its_result_and_the_duties_that_are_left(home: Home, bench: Workbench) -> None:
    _world(bench)
    specialists = specialists_of(home, "2026-05")
    points = key_points(home, bench, "2026-05")
    assert [(each.point, each.rank, each.previous_rank, each.specialist.name) for each in points] == [
        ("marketing", 1, 3, "quality-marketing")
    ]
    assert [record(home, specialists, points, _work()) for _ in range(2)] == [True, False]
    assert record(home, specialists, points, _work(duty="agree", result="agreed for June"))
    done = work_of(home, "2026-05")
    assert [(each.duty, each.at) for each in done] == [("listen", AT), ("agree", AT)]
    assert rows(points, specialists, done, NAMES, "zh") == [
        [
            "全部客户", "营销", 1, 3, 1.4, "1.00 .. 1.80", "quality-marketing（占位，请指定人员）", 2,
            "确保5级客户在投诉前得到安抚；与上月对比抱怨量、影响系数和投诉，说明措施是否有效",
        ]
    ]  # fmt: skip
    assert work_lines(done, NAMES, "en")[0] == (
        "2026-05 营销 (everybody): listened to 20 recordings -> terms were read too fast (Li, 2026-06-03 04:00Z)"
    )
    assert len(duty_lines(specialists, "en")) == 5


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            {"point": "call_quality"},
            "'call_quality' is no key point of the cluster 'all' in 2026-05; those of the month",
        ),
        ({"cluster": "high"}, "no key point of the cluster 'high'"),
        ({"duty": "sleep"}, "there is no duty 'sleep'; those in force are listen, agree, comfort, check"),
        ({"result": " "}, "--result says nothing"),
        ({"work": "x" * 1001}, "--work has 1001 signs, over 1000"),
    ],
)
def test_work_that_cannot_be_put_on_record_says_what_would_help(
    home: Home, bench: Workbench, other: dict[str, str], words: str
) -> None:
    _world(bench)
    with pytest.raises(KeyPointWorkError, match=words):
        record(home, specialists_of(home, "2026-05"), key_points(home, bench, "2026-05"), _work(**other))


def test_who_is_named_takes_the_place_of_the_placeholder(tmp_path: Path) -> None:
    shipped = (FOLDER / "1990-01-01.yaml").read_text("utf-8").replace("1990-01-01", "2026-05-01")
    text = shipped.replace("{name: quality-marketing, is_placeholder: true}", "{name: Li Na}")
    (tmp_path / "2026-05-01.yaml").write_text(text, "utf-8")
    own = load_specialists(tmp_path)[-1]
    assert (own.of("marketing.lock_in").name, own.of("marketing.lock_in").is_placeholder) == ("Li Na", False)
    assert (own.of("nothing.known").name, own.of("nothing.known").is_placeholder) == ("quality-service", True)
    (tmp_path / "2026-05-01.yaml").write_text(text.replace("code: agree", "code: listen"), "utf-8")
    with pytest.raises(SpecialistError, match="duties: named twice: listen"):
        load_specialists(tmp_path)


def test_the_commands_record_work_and_show_it(home: Home, bench: Workbench, capsys: pytest.CaptureFixture[str]) -> None:
    _world(bench)
    said = _typed(home, capsys, "key-point", "marketing", "--month", "2026-05", "--work", "read notes", "--result",
                  "cause known", "--by", "Wang")  # fmt: skip
    assert said == "marketing (all), 2026-05: work by Wang: on record\n"
    shown = _typed(home, capsys, "key-points", "--month", "2026-05")
    assert "quality-marketing (placeholder: name a person)" in shown
    assert "2026-05 marketing (everybody): read notes -> cause known (Wang, " in shown
    assert _typed(home, capsys, "key-points", "--month", "2026-04").startswith("2026-04 has no key grumble points")


def _typed(home: Home, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    arguments = parser().parse_args(words)
    arguments.command(arguments, home)
    return capsys.readouterr().out
