"""The command `mend` as people call it, on a real home: one of each kind in a process of its own."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.mend.cli.shell import Shell

from mend.foundation.home import Home

pytestmark = pytest.mark.slow
FORBIDDEN = ("airflow", "great_expectations", "sklearn", "sqlglot")


@pytest.fixture(scope="module")
def mend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A home with two days of a small simulated centre in it, closed."""
    shell = Shell(tmp_path_factory.mktemp("cli"))
    (shell.folder / "user").mkdir()
    made = ["simulate", "--customers", "600", "--months", "1", "--first-month", "2026-01", "--seed", "3"]
    shell.good(*made, apart=True)
    yield shell
    shell("stop")


@pytest.fixture(scope="module")
def ran(mend: Shell) -> list[str]:
    """The lines of `mend run` for two days; the customers' snapshots come on the first of the month."""
    days = ["--from", "2026-01-01", "--to", "2026-01-02"]
    return mend.good("run", "--source", "simulator", *days, apart=True).splitlines()


@pytest.fixture(scope="module")
def closed(mend: Shell, ran: list[str]) -> list[str]:
    """The lines of `mend month`."""
    return mend.good("month", "2026-01", apart=True).splitlines()


def of_task(lines: list[str], task_id: str) -> str:
    """The line of a task."""
    return next(line for line in lines if line.split()[0] == task_id)


def test_run_walks_the_night_in_its_order_and_says_what_each_task_did(ran: list[str]) -> None:
    named = [line.split()[0] for line in ran]
    named = [name for name in named if name != "warning:"]
    assert named[:6] == ["answers", "sources", "extract", "quality", "core", "score"]
    assert sorted(named[6:-1]) == ["due_months", "grumbles", "incoming", "pages", "surveys", "warnings"]
    assert named[-1] == "deliveries"
    assert all("2026-01-01 to 2026-01-02" in line or line.startswith("    warning: ") for line in ran)
    assert "accepted" in of_task(ran, "extract")


def test_run_again_loads_nothing_twice(mend: Shell, ran: list[str]) -> None:
    count = ("sql", "select count(*) from core_contact", "--csv")
    before = mend.good(*count)
    again = mend.good("run", "--source", "simulator", "--from", "2026-01-01", "--to", "2026-01-02").splitlines()
    assert mend.good(*count) == before
    assert of_task(again, "core").split(" s  ")[1:] == of_task(ran, "core").split(" s  ")[1:]


def test_month_walks_the_month_and_leaves_a_list(mend: Shell, closed: list[str]) -> None:
    named = [line.split()[0] for line in closed]
    assert named[0] == "close_month"
    assert {"damage_list", "customer_clusters", "association", "complaint_model", "grumble_index"} <= set(named)
    assert named.index("customer_clusters") < named.index("association") < named.index("complaint_model")
    assert list((mend.home / "lists" / "2026-01").rglob("*.csv"))
    assert mend.good("sql", "select distinct is_closed from mart_damage_month", "--csv") == "is_closed\ntrue\n"


def test_sql_prints_aligned_text_or_csv(mend: Shell, ran: list[str]) -> None:
    query = "select record_code, count(*) as batches from core_quarantine group by 1 order by 1"
    text, table = mend.good("sql", query, apart=True), mend.good("sql", query, "--csv")
    assert text.splitlines()[0].split() == ["record_code", "batches"]
    assert len(list(csv.reader(io.StringIO(table)))) == len(text.splitlines()) - 1


def test_sql_writes_a_list_that_a_spreadsheet_reads_and_runs_nothing_of(
    mend: Shell, ran: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    query = (
        "select '=1+1' as \"=a\", 'x' as b, phone_number as 手机, timestamptz '2026-01-01 10:00:59+00' as at from "
        "core_customer limit 1"
    )
    assert mend.good("sql", query, "--list", str(file)).strip() == str(file)
    assert file.read_bytes().startswith("\ufeff'=a,b,手机,at\r\n'=1+1,x,'+86".encode())
    assert file.read_text("utf-8-sig").endswith(",2026-01-01 18:00\n")


def test_sql_says_when_rows_were_left_out(mend: Shell, ran: list[str]) -> None:
    done = mend("sql", "select contact_id from core_contact", "--limit", "2")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 4)
    assert "the first 2 rows" in done.stderr


@pytest.mark.parametrize("endless", ["sleep_ms(600000)", "levenshtein(repeat('a', 300000), repeat('b', 300000))"])
def test_a_query_ends_at_its_limit_in_one_line(mend: Shell, endless: str) -> None:
    """The second function looks for no interrupt: the process is ended."""
    done = mend.apart("sql", f"select {endless}", "--limit-seconds", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("mend: the query was ended: it ran for more than 1 s. ")
    assert len(done.stderr.splitlines()) == 1
    assert not list((mend.home / "scratch").glob("sql-*"))
    assert mend("sql", "select 1", "--limit-seconds", "0").returncode == 2


def test_phone_numbers_are_masked_unless_asked_otherwise(mend: Shell, ran: list[str]) -> None:
    query = "select phone_number from core_customer where phone_number is not null order by 1 limit 1"
    assert "****" in mend.good("sql", query)
    assert "*" not in mend.good("sql", query, "--unmasked")


def test_tables_lists_every_table_with_its_rows(mend: Shell, ran: list[str]) -> None:
    counted = {line.split()[0]: line.split()[1] for line in mend.good("tables", apart=True).splitlines()[2:]}
    assert {"core_contact", "core_ticket", "core_quarantine", "mart_damage_ledger", "mart_damage_month"} <= set(counted)
    assert mend.good("sql", "select count(*) from core_contact", "--csv").split()[1] == counted["core_contact"]
    assert "受损" in mend.good("tables", "--lang", "zh")


def test_grumbles_and_warnings_are_told_in_words(mend: Shell, closed: list[str]) -> None:
    told = mend.good("grumbles", "--month", "2026-01", apart=True)
    assert "tariff and billing" in told
    assert "资费" in told
    assert mend("grumbles").returncode == 2
    assert mend.good("warnings", "2026-01-02").splitlines()[0]
    assert "no night of 2031-01-01 has been run" in mend.good("warnings", "2031-01-01")


def test_explain_tells_every_point_in_both_languages(mend: Shell, closed: list[str]) -> None:
    worst = "select customer_id from mart_damage_month order by score desc, customer_id limit 1"
    customer = mend.good("sql", worst, "--csv").split()[1]
    assert customer in mend.good("explain", customer, "--month", "2026-01", apart=True)
    assert "受损得分" in mend.good("explain", customer, "--month", "2026-01", "--lang", "zh")


def test_list_writes_whole_numbers_only_when_asked(mend: Shell, closed: list[str]) -> None:
    assert "unmasked" not in mend.good("list", "--month", "2026-01", apart=True)
    assert "unmasked" in mend.good("list", "--month", "2026-01", "--unmasked")


def test_check_accounts_for_every_line(mend: Shell, ran: list[str]) -> None:
    assert "is accounted for" in mend.good("check", apart=True).splitlines()[-1]


def test_everything_is_in_the_home(mend: Shell, closed: list[str]) -> None:
    """Airflow, which writes where it is imported, above all."""
    assert sorted(path.name for path in mend.folder.iterdir()) == ["mend-home", "user"]
    assert list((mend.folder / "user").iterdir()) == []
    assert not list((mend.home / "airflow").rglob("*.db"))


FAILURES = [
    # words, exit code, what stderr says
    (["sql", "drop table core_contact"], 1, "mend: one select statement is needed, not drop"),
    (["sql", "select * from nowhere"], 1, "mend: there is no table nowhere; the tables are:"),
    (["sql", "select nothing_such from core_contact"], 1, "mend: Binder Error"),
    (["run", "--source", "nobody", "--from", "2026-01-05"], 1, "mend: no source 'nobody'; there are"),
    (["run", "--source", "anonymous_bank", "--path", "gone.txt.gz", "--from", "1999-01-01"], 1, "gone.txt.gz"),
    (["month", "2031-01"], 1, "2031-01: nothing of it is loaded; run the nightly chain for its days first"),
    (
        ["explain", "c1", "--month", "2031-01"],
        1,
        "2031-01: nothing of it is loaded; run the nightly chain for its days first",
    ),
    (["list", "--month", "2031-01"], 1, "2031-01 is not closed"),
    (["tables", "nowhere"], 1, "there is no table nowhere"),
    (["run", "--source", "simulator", "--from", "2026-01-06", "--to", "2026-01-05"], 2, "is after --to 2026-01-05"),
    (["run", "--source", "simulator", "--from", "2026-02-30"], 2, "'2026-02-30' is not a day"),
    (["run", "--from", "2026-01-05"], 2, "--source"),
    (["month", "2026-13"], 2, "'2026-13' is not a month"),
    (["simulate", "--customers", "0"], 2, "'0' is not a whole number from 1"),
    (["sql"], 2, "required: SELECT"),
    (["dance"], 2, "invalid choice: 'dance'"),
    ([], 2, "required: COMMAND"),
]


@pytest.mark.parametrize(
    ("words", "code", "message"), FAILURES, ids=[" ".join(words) or "none" for words, _, _ in FAILURES]
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    mend: Shell, ran: list[str], words: list[str], code: int, message: str
) -> None:
    done = mend(*words)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert message in done.stderr


def test_a_failure_is_the_exit_code_of_the_process(mend: Shell, ran: list[str]) -> None:
    done = mend.apart("sql", "select * from nowhere")
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (
        1,
        "",
        "mend: there is no table nowhere; the tables are:",
    )


def test_who_asks_for_it_gets_the_traceback(mend: Shell) -> None:
    done = mend("sql", "drop table core_contact", MEND_DEBUG="1")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_the_reason_of_a_run_that_failed_is_the_last_that_is_said(mend: Shell, ran: list[str]) -> None:
    broken = mend.home / "sources" / "broken.yaml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(
        "source: broken\nen: b\nzh: b\nzone: Asia/Shanghai\nrecords:\n  contact: {path: c.csv, columns: {moood: m}}\n",
        "utf-8",
    )
    try:
        done = mend.apart("run", "--source", "broken", "--from", "2026-01-03")
    finally:
        broken.unlink()
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"mend: {broken}: records.contact.columns: the contract has no moood")


def test_a_home_that_simulate_makes_is_closed_to_others_as_any_home_is(mend: Shell, tmp_path: Path) -> None:
    made = [tmp_path / "by-simulate", tmp_path / "by-prepare"]
    mend.good("--home", str(made[0]), "simulate", "--customers", "20", "--months", "1", "--seed", "3")
    Home.at(made[1], {}).prepare()
    assert made[0].stat().st_mode == made[1].stat().st_mode


def test_reading_makes_no_home(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    (tmp_path / "user").mkdir()
    done = shell.apart("sql", "select 1")
    assert (done.returncode, shell.home.exists()) == (1, False)
    assert "there is no home in" in done.stderr


def test_home_may_stand_before_or_after_the_command(mend: Shell, ran: list[str]) -> None:
    query = ["sql", "select 1 as a", "--csv"]
    for words in (["--home", str(mend.home), *query], [*query, "--home", str(mend.home)]):
        assert mend(*words, MEND_HOME="/nowhere").stdout == "a\n1\n"


def test_a_reader_that_ends_early_gets_no_complaint(mend: Shell, ran: list[str]) -> None:
    query = "select a.contact_id, b.contact_id from core_contact a, core_contact b, range(500)"
    command = f"{sys.executable} -m mend.cli --home {mend.home} sql '{query}' --csv | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("contact_id,contact_id\n", "")


def test_reading_imports_neither_airflow_nor_great_expectations(mend: Shell, ran: list[str]) -> None:
    code = (
        "import sys; from mend.cli.main import main; "
        "main(['sql', 'select count(*) from core_contact']); main(['tables']); "
        f"print([name for name in {FORBIDDEN!r} if name in sys.modules])"
    )
    environment = os.environ | {"MEND_HOME": str(mend.home)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


WITHOUT_AIRFLOW = """
import sys
sys.modules["airflow"] = sys.modules["mend_airflow"] = None  # importing either raises
from mend.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "words",
    [["run", "--source", "simulator", "--from", "2026-01-01", "--to", "2026-01-02"], ["month", "2026-01"]],
    ids=["run", "month"],
)
def test_a_night_and_a_month_run_where_airflow_is_not_installed(
    mend: Shell, closed: list[str], words: list[str]
) -> None:
    environment = os.environ | {"HOME": str(mend.folder / "user"), "MEND_HOME": str(mend.home)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_AIRFLOW, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "failed" not in done.stdout


# Commands that speak Chinese; CUSTOMER is one with a score.
CHINESE: Final = (
    "touchpoints --month 2026-01", "trouble --month 2026-01", "problems --month 2026-01", "stages --month 2026-01",
    "worth --month 2026-01", "plans --month 2026-01", "plans --published", "seasons --month 2026-01",
    "guarantee --month 2026-01", "key-points --month 2026-01", "recording --month 2026-01", "warnings 2026-01-02",
    "explain CUSTOMER --month 2026-01", "why-not CUSTOMER --month 2026-01",
)  # fmt: skip
# What is a name in Chinese output, too: commands and tables, indicators, ids, people, codes that an option takes.
NAMES: Final = (
    r"mend month|mart_\w+|[A-Z]{2,3}-\d\d|R?C[\dA-Z-]+|\w+-\d\d|(listen|agree|comfort|check)(?=: )|App|TARP|IVR|P|/\S+"
)


@pytest.mark.parametrize("command", CHINESE)
def test_a_command_that_speaks_chinese_has_no_english_words_but_names(
    mend: Shell, closed: list[str], command: str
) -> None:
    assert closed
    customer = mend.good("sql", "--csv", "select min(customer_id) from mart_damage_ledger").splitlines()[-1]
    said = mend.good(*command.replace("CUSTOMER", customer).split(), "--lang", "zh")
    assert said
    assert re.findall(r"[A-Za-z_]{2,}", re.sub(NAMES, "", said, flags=re.ASCII)) == []
