"""The rules in force are checked whole; a broken file is refused with file, rule and reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mend.care.sms.errors import RuleError, SettingError
from mend.care.sms.rules import FOLDER, read, rules_on
from mend.care.sms.settings import parse_address, sending


def test_the_refusals_for_now_are_the_four_of_the_standard() -> None:
    assert rules_on(dt.date(2026, 5, 1)).retry.codes == {0x58, 0x14, 0x08, 0x45, 0x04, 0x0A, 0x0E, 0x0F}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "    window: 10                  # bounds",
            "    window: 0                   # bounds",
            "accounts: main: window",
        ),
        ("reserved_a_day: 20000", "reserved_a_day: 900000", "accounts: main: .*reserved_a_day is more than max_a_day"),
        ("['01', '02'", "['01', '01'", "extensions must differ"),
        ("region: CN", "region: China", "region"),
        ("poll_seconds: 1", "poll_secs: 1", "claim: poll_seconds"),
        ("valid_from: 1990-01-01", "valid_from: 1991-01-01", "valid_from"),
        ("transport: http", "transport: pigeon", "accounts: gateway: transport"),
    ],
)
def test_a_broken_file_is_refused_with_file_rule_and_reason(old: str, new: str, reason: str, tmp_path: Path) -> None:
    words = (FOLDER / "1990-01-01.yaml").read_text("utf-8")
    assert old in words
    broken = tmp_path / "1990-01-01.yaml"
    broken.write_text(words.replace(old, new), "utf-8")
    with pytest.raises(RuleError, match=rf"1990-01-01.yaml: .*{reason}"):
        read(broken)


def test_nothing_is_sent_until_a_setting_says_so() -> None:
    assert sending({}).reason_not_to_send("+8613900000001") == "dry_run"
    some = sending({"MEND_SMS_MODE": "allow_list", "MEND_SMS_ALLOW": "+8613900000001, +8613900000002"})
    assert [some.reason_not_to_send(f"+861390000000{number}") for number in (1, 2, 3)] == [
        None,
        None,
        "not_on_allow_list",
    ]
    assert sending({"MEND_SMS_MODE": "live"}).reason_not_to_send("+8613900000003") is None


@pytest.mark.parametrize(
    "settings", [{"MEND_SMS_MODE": "Live"}, {"MEND_SMS_MODE": "allow_list", "MEND_SMS_ALLOW": "13912345678"}]
)
def test_a_setting_that_is_none_is_refused_without_showing_a_number(settings: dict[str, str]) -> None:
    with pytest.raises(SettingError) as refused:
        sending(settings)
    assert "13912345678" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["smpp://host", "ftp://a:secret@host:1", "smpp://a:secret@host:port", "", "smpp://a:secret@:2775"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse_address(url, "MEND_SMS_URL_MAIN")
    assert "a:secret" not in str(refused.value)
    assert "MEND_SMS_URL_MAIN" in str(refused.value)
