"""`mend effect FILE`: any table of customer, arm and outcome; the public data set's known effects; clear errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mend.cli.main import main
from mend.foundation.statistics import agresti_caffo
from mend.repair.effect import EffectError, EffectUsageError, FileColumns, effect_of_file, read_shares
from mend.repair.effect.file_effect import control_of

NAME = Path("shared", "data", "hillstrom", "hillstrom.csv.gz")  # beside the repository, or above it
FOUND = next((each / NAME for each in Path(__file__).resolve().parents if (each / NAME).exists()), NAME)
needs_hillstrom = pytest.mark.skipif(not FOUND.exists(), reason="the public data set hillstrom is not on this machine")
COLUMNS = FileColumns("id", "arm", ("visit",))
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*words: Any) -> tuple[int, str, str]:
        try:
            code = main(["effect", *map(str, words)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def trial(customers: int = 4_000, effect: float = 0.06, seed: int = 1) -> pd.DataFrame:
    luck = np.random.default_rng(seed)
    arm = np.where(np.arange(customers) % 2 == 0, "care", "control")
    before = luck.gamma(2, 10, customers)
    return pd.DataFrame(
        {
            "id": [f"13800{number:06}" for number in range(customers)],
            "arm": arm,
            "visit": luck.binomial(1, 0.2 + effect * (arm == "care")),
            "spend": (before + luck.normal(2.0 * (arm == "care"), 3)).round(2),
            "before": before.round(2),
        }
    )


def put(folder: Path, rows: pd.DataFrame, name: str = "trial.csv") -> Path:
    path = folder / name
    if name.endswith(".parquet"):
        rows.to_parquet(path)
    else:
        rows.to_csv(path, index=False)
    return path


@needs_hillstrom
def test_the_public_campaign_has_its_known_effects(command: Command) -> None:
    code, said, _ = command(FOUND, "--unit", "row", "--arm", "segment", "--outcome", "visit")
    assert code == 0
    assert "control: No E-Mail (by its name)" in said
    assert "visit, Mens E-Mail: +7.659 points (95 % 6.995 to 8.322)" in said
    assert "visit, Womens E-Mail: +4.523 points (95 % 3.889 to 5.157)" in said


@needs_hillstrom
def test_the_public_campaign_with_customers_lost_is_refused_by_name(command: Command, tmp_path: Path) -> None:
    rows = pd.read_csv(FOUND)
    path = put(tmp_path, rows[~((rows.segment == "Mens E-Mail") & (rows.index % 20 == 0))], "lost.csv.gz")
    code, said, error = command(path, "--unit", "row", "--arm", "segment", "--outcome", "visit")
    assert code == 1
    assert "sample ratio: Mens E-Mail 20" in said
    assert "the comparison is refused: sample_ratio" in error
    assert "points" not in said  # no figure of a refused comparison is shown


@needs_hillstrom
def test_a_baseline_takes_variance_away_and_leaves_the_effect(command: Command) -> None:
    code, said, _ = command(
        FOUND, "--unit", "row", "--arm", "segment", "--outcome", "visit", "--baseline", "history", "--lang", "zh"
    )
    assert code == 0
    assert "visit, Mens E-Mail: +7.641个百分点 (95 % 6.979 至 8.303)" in said


@pytest.mark.parametrize("name", ["trial.csv", "trial.csv.gz", "trial.parquet", "my [old] trial.csv"])
def test_csv_and_parquet_give_the_same_effect(tmp_path: Path, name: str) -> None:
    rows = trial()
    found = effect_of_file(put(tmp_path, rows, name), COLUMNS)
    [effect] = found.effects
    assert (found.control, effect.arm, found.arms) == ("control", "care", {"care": 2_000, "control": 2_000})
    visits = rows.groupby("arm").visit.sum()
    assert effect.found.interval == agresti_caffo(visits["care"], 2_000, visits["control"], 2_000)


def test_other_separators_marks_of_order_and_truths_as_words_are_read(tmp_path: Path) -> None:
    rows = trial(400).assign(visit=lambda given: np.where(given.visit == 1, "True", "false"))
    path = tmp_path / "trial.csv"
    path.write_bytes(b"\xef\xbb\xbf" + rows.to_csv(index=False, sep=";").encode())
    [effect] = effect_of_file(path, COLUMNS).effects
    assert effect.is_share
    assert effect.treated.count == 200


def test_several_outcomes_are_corrected_together(tmp_path: Path) -> None:
    columns = FileColumns("id", "arm", ("visit", "spend"), "before")
    visit, spend = effect_of_file(put(tmp_path, trial()), columns).effects
    assert (visit.is_share, spend.is_share) == (True, False)
    assert spend.found.is_cuped
    assert spend.found.variance_reduction > 0.9
    assert spend.found.interval.low < 2.0 < spend.found.interval.high
    assert visit.adjusted_p_value >= visit.found.interval.p_value
    assert spend.adjusted_p_value >= spend.found.interval.p_value


def test_planned_shares_are_said(tmp_path: Path, command: Command) -> None:
    rows = trial()
    path = put(tmp_path, rows[(rows.arm == "care") | (rows.index % 20 == 1)])
    code, said, error = command(path, "--unit", "id", "--arm", "arm", "--outcome", "visit")
    assert code == 1
    assert "refused: sample_ratio" in error
    assert "--ratio ARM=SHARE" in said
    code, said, _ = command(path, "--unit", "id", "--arm", "arm", "--outcome", "visit", "--ratio", "care=10, control=1")
    assert code == 0
    assert "planned shares as given" in said


def test_arms_that_differ_before_are_refused_by_name(tmp_path: Path, command: Command) -> None:
    rows = trial(200)
    rows["complained"] = np.where(rows.arm == "care", rows.index < 76, rows.index < 110).astype(int)
    path = put(tmp_path, rows)
    code, said, error = command(path, "--unit", "id", "--arm", "arm", "--outcome", "visit", "--baseline", "complained")
    assert code == 1
    assert "not balanced before: baseline of care 0.38 / 0.55" in said
    assert "refused: imbalance" in error


def test_one_arm_is_refused_by_name(tmp_path: Path, command: Command) -> None:
    path = put(tmp_path, trial().query("arm == 'care'"))
    code, said, error = command(path, "--unit", "id", "--arm", "arm", "--outcome", "visit", "--control", "care")
    assert (code, "refused: one_arm" in error, "points" in said) == (1, True, False)


def _broken(change: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    return change(trial(60).astype(object))


def _set(rows: pd.DataFrame, row: int, column: str, value: Any) -> pd.DataFrame:
    rows.loc[row - 1, column] = value
    return rows


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            _broken(lambda rows: _set(rows, 7, "visit", None)),
            r"row 7, column visit: the value is missing \(1 such rows\)",
        ),
        (_broken(lambda rows: _set(rows, 7, "visit", "  ")), "row 7, column visit: the value is missing"),
        (_broken(lambda rows: _set(rows, 9, "visit", "often")), "row 9, column visit: 'often' is no number"),
        (_broken(lambda rows: _set(rows, 9, "visit", "nan")), "row 9, column visit: 'nan' is no number"),
        (_broken(lambda rows: _set(rows, 9, "visit", "inf")), "row 9, column visit: 'inf' is no number"),
        (_broken(lambda rows: _set(rows, 3, "arm", None)), "row 3, column arm: the value is missing"),
        (_broken(lambda rows: _set(rows, 4, "id", None)), "row 4, column id: the value is missing"),
        (
            _broken(lambda rows: _set(rows, 12, "id", rows.id[4])),
            "column id: rows 5 and 12 hold the same unit, and 1 units",
        ),
        (_broken(lambda rows: rows.iloc[:0]), "no rows below the header"),
    ],
    ids=["missing", "blank", "text", "nan", "inf", "no arm", "no unit", "twice", "empty"],
)
@pytest.mark.parametrize("name", ["trial.csv", "trial.parquet"])
def test_a_wrong_row_is_named_with_file_row_and_column(
    tmp_path: Path, rows: pd.DataFrame, message: str, name: str
) -> None:
    text = rows.map(lambda value: None if value is None else str(value)) if name.endswith("parquet") else rows
    if name.endswith("csv") and message.startswith("row 9, column visit: 'nan'"):
        text = rows.map(str)
    path = put(tmp_path, text, name)
    if name.endswith("csv") and "'nan'" in message:
        path.write_text(rows.to_csv(index=False).replace(",,", ",nan,"))
    with pytest.raises(EffectError, match=message) as error:
        effect_of_file(path, COLUMNS)
    assert str(path) in str(error.value)
    assert "13800" not in str(error.value)  # a unit may be a phone number


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--unit", "id", "--arm", "arm", "--outcome", "vist"),
            "no column vist (did you mean visit?); the file has id, arm",
        ),
        (("--unit", "key", "--arm", "arm", "--outcome", "visit"), "no column key; the file has id, arm, visit"),
        (("--unit", "id", "--arm", "before", "--outcome", "visit"), "an arm has few, at most 20"),
        (("--unit", "id", "--arm", "visit", "--outcome", "visit"), "visit cannot be unit or arm and outcome"),
        (
            ("--unit", "id", "--arm", "arm", "--outcome", "visit", "--baseline", "visit"),
            "visit is outcome and baseline",
        ),
        (
            ("--unit", "id", "--arm", "arm", "--outcome", "visit", "--control", "none"),
            "no arm none; the arms are care (2,000)",
        ),
        (
            ("--unit", "id", "--arm", "arm", "--outcome", "visit", "--ratio", "care=1"),
            "--ratio says nothing of control",
        ),
        (
            ("--unit", "id", "--arm", "arm", "--outcome", "visit", "--ratio", "care:1"),
            "write each arm with its planned share",
        ),
        (("--arm", "arm", "--outcome", "visit"), "--unit must name a column"),
        (("--month", "2026-03"), "say which"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_words_that_do_not_fit_the_file_are_an_error_of_usage(
    tmp_path: Path, command: Command, words: tuple[str, ...], message: str
) -> None:
    code, _, error = command(put(tmp_path, trial()), *words)
    assert code == 2
    assert message in error


def test_two_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "trial.csv"
    path.write_text("id,arm,visit,visit\n1,care,0,1\n2,control,1,0\n")
    with pytest.raises(EffectUsageError, match="two columns are named visit"):
        effect_of_file(path, COLUMNS)


def test_a_file_that_is_no_table_is_an_error_that_says_so_and_shows_no_content(tmp_path: Path) -> None:
    text = trial(100).to_csv(index=False)
    cases = {
        "gone.csv": None,
        "torn.csv.gz": gzip.compress(text.encode())[:-40],
        "plain.parquet": text.encode(),
        "gbk.csv": text.replace("care", "关怀").encode("gbk"),
        "ragged.csv": text.replace("\n", "\n", 1).encode() + b"13800999999,care\n",
    }
    for name, content in cases.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises((EffectError, EffectUsageError)) as error:
            effect_of_file(path, COLUMNS)
        assert name in str(error.value)
        assert "13800" not in str(error.value)


@pytest.mark.parametrize(
    ("arms", "control"),
    [
        (("Mens E-Mail", "No E-Mail"), "No E-Mail"),
        (("A", "Control"), "Control"),
        (("care", "held-out"), "held-out"),
        (("universal hold-out", "offered"), "universal hold-out"),
        (("0", "1"), "0"),
        (("true", "false"), "false"),
        (("实验组", "对照组"), "对照组"),
        (("none", "sms", "call"), "none"),
        (("Nordic", "Control"), "Control"),
    ],
)
def test_the_control_is_told_by_its_name(arms: tuple[str, ...], control: str) -> None:
    assert control_of(Path("a.csv"), dict.fromkeys(arms, 5)) == control


@pytest.mark.parametrize("arms", [("A", "B"), ("control 1", "control 2", "care"), ("north", "nowhere")])
def test_a_control_that_no_name_tells_is_asked_for(arms: tuple[str, ...]) -> None:
    with pytest.raises(EffectUsageError, match="name it with --control"):
        control_of(Path("a.csv"), dict.fromkeys(arms, 5))


def test_shares_that_are_none_are_an_error_of_usage() -> None:
    for text in ("care", "care=x", "care=0", "=5", "care=-1"):
        with pytest.raises(EffectUsageError, match="write each arm"):
            read_shares(text)
