"""A broken file of strategies is refused whole: with file, strategy, reason and what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.mend.repair.strategies.files import Change, Content, changed, of, setting, write

from mend.errors import BadConfigurationError
from mend.repair.strategies import StrategyError, load_strategies, parse_strategies

CALL, SMS, OWED, REBATE = "phone_callback", "dropped_call_care", "complaint_handling", "rebate"
FIRST = dt.date(1990, 1, 1)


def empty(code: str, key: str) -> Change:
    """A key with nothing after its colon."""
    return lambda content: content["strategies"][code].update({key: None})


def amounts(*given: tuple[dt.date, Any]) -> Change:
    return of(REBATE, compensation=[{"valid_from": day, "amount": amount} for day, amount in given])


BROKEN: list[tuple[str, Change, str]] = [
    # shares
    ("a negative share", of(CALL, hold_out_share=-0.1), r"phone_callback: hold_out_share: .* not -0.1; write here: .*0 to 1"),
    ("a share over 1", of(CALL, hold_out_share=1.5), r"phone_callback: hold_out_share: .* not 1.5; write here"),
    ("a share that is yes", of(CALL, hold_out_share=True), r"hold_out_share: should be a valid number, not True"),
    ("a share in quotes", of(CALL, hold_out_share="0.1"), r"hold_out_share: should be a valid number, not '0.1'"),
    ("a share in per cent", of(CALL, hold_out_share="10 %"), r"hold_out_share: .* not '10 %'"),
    ("a share that is no number", of(CALL, hold_out_share=float("nan")), r"hold_out_share: should be a finite number"),
    ("a universal share over 1", setting(universal_hold_out_share=5), r"settings: universal_hold_out_share: .* not 5"),
    # entitlements
    ("a hold-out on an entitlement", of(OWED, hold_out_share=0.1), r"complaint_handling: hold_out_share: 0.1 on an entitlement: .*write 0"),
    ("a draw on an entitlement", of(OWED, sample={"of": "is_explicit", "share": 0.5}), r"complaint_handling: sample: .*owed"),
    ("marketing that is owed", of(OWED, consent_code="commercial"), r"complaint_handling: consent_code: .*none or service"),
    ("a limit on what is owed", of(OWED, authority_limit=5), r"complaint_handling: authority_limit: .*take it out"),
    ("a yes in words", of(CALL, is_entitlement="yes"), r"phone_callback: is_entitlement: should be a valid boolean, not 'yes'"),
    # capacities
    ("a capacity without number", empty(CALL, "capacity_per_day"), r"phone_callback: capacity_per_day has no value; write here: .*unlimited"),
    ("no capacity", of(CALL, capacity_per_month=None), r"phone_callback: capacity_per_month: is missing; write a whole number"),
    ("a capacity in words", of(CALL, capacity_per_day="many"), r"capacity_per_day: 'many' is no whole number"),
    ("a capacity that is yes", of(CALL, capacity_per_day=True), r"capacity_per_day: True is no whole number"),
    ("half a customer", of(CALL, capacity_per_day=0.5), r"capacity_per_day: 0.5 is no whole number"),
    ("a negative capacity", of(CALL, capacity_per_month=-1), r"capacity_per_month: -1 is no whole number"),
    ("more than anybody has", of(CALL, capacity_per_month=10**30), r"capacity_per_month: 10+ is no whole number from 0 to"),
    ("a city without quotes", of(CALL, city_capacity={0o571: 5, "default": 1}), r"city_capacity: the city 377 is no text: put its code into quotes"),
    ("a city called no", of(CALL, city_capacity={False: 5, "default": 1}), r"city_capacity: the city False is no text"),
    ("cities without the others", of(CALL, city_capacity={"hangzhou": 5}), r"city_capacity: says nothing of other cities: add default"),
    ("a city without number", of(CALL, city_capacity={"default": None}), r"city_capacity: has no number"),
    ("one number for all cities", of(CALL, city_capacity=5), r"city_capacity: 5 is no list of cities"),
    ("two capacities", of(OWED, capacity_per_day=5), r"complaint_handling: capacity_from: .*keep one"),
    ("nobody's capacity", of(OWED, capacity_from="nobody"), r"complaint_handling: capacity_from: nobody is no strategy"),
    ("its own capacity", of(OWED, capacity_from=OWED), r"complaint_handling: capacity_from: .*name one that has"),
    ("a capacity of a capacity", of(OWED, capacity_from="promised_callback"), r"capacity_from: promised_callback is no strategy with a capacity of its own"),
    ("another channel's capacity", of(OWED, capacity_from=REBATE), r"capacity_from: rebate has channel rebate; name one on call"),
    ("care that jumps the queue", of("alternative_remedy", capacity_from=CALL, capacity_per_day=None, capacity_per_month=None), r"alternative_remedy: capacity_from: an entitlement"),
    # money
    ("a cost in words", of(CALL, cost="8 yuan"), r"phone_callback: cost: '8 yuan' is no whole number"),
    ("a level without cost", of(CALL, cost={1: 5, 2: 5, 3: 5, 4: 5}), r"phone_callback: cost: names the levels 1, 2, 3, 4: name each of 0"),
    ("a level 5", of(CALL, cost={0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1}), r"phone_callback: cost: names the levels"),
    ("a gift that costs nothing", of(REBATE, cost=10), r"rebate: cost: 10 yuan at level 0, 50 yuan are given from 1990-01-01 on"),
    ("money without a limit", of(REBATE, authority_limit=None), r"rebate: authority_limit: is missing; say how many yuan"),
    ("money without a budget", of(REBATE, city_budget=None), r"rebate: city_budget: is missing; say how many yuan"),
    ("amounts that begin too late", amounts((dt.date(2027, 1, 1), 50)), r"rebate: compensation: begins on 2027-01-01, the file on 2026-06-01"),
    ("dates out of order", amounts((FIRST, 50), (dt.date(2025, 7, 1), 40), (dt.date(2025, 1, 1), 30)), r"rebate: compensation: 2025-01-01 comes after 2025-07-01"),
    ("a date twice", amounts((FIRST, 50), (FIRST, 40)), r"rebate: compensation: 1990-01-01 comes after 1990-01-01"),
    ("a date in quotes", of(REBATE, compensation=[{"valid_from": "1990-01-01", "amount": 1}]), r"rebate: compensation: 0: valid_from: should be a valid date, not '1990-01-01'"),
    # words
    ("no Chinese name", of(CALL, name_zh=None), r"phone_callback: name_zh: is missing; write here: .*Chinese"),
    ("a Chinese name in English", of(CALL, name_zh="callback"), r"phone_callback: name_zh: 'callback' is not Chinese"),
    ("an empty Chinese playbook", of(CALL, playbook_zh="  "), r"phone_callback: playbook_zh: '  ' are no words"),
    ("an English name in Chinese", of(CALL, name_en="回访"), r"phone_callback: name_en: '回访' is not English"),
    ("a label that says nothing", of(CALL, label_zh="请优先接听"), r"phone_callback: label_zh: does not say what happened; write \{happened\}"),
    ("a place for nothing", of(CALL, playbook_en="call {phone_number}"), r"playbook_en: \{phone_number\} stands for nothing: use \{amount\}"),
    ("a place into our objects", of(CALL, label_en="{happened.__class__}"), r"label_en: \{happened.__class__\} stands for nothing"),
    ("half a place", of(CALL, label_en="{happened"), r"label_en: holds a bracket without its other half"),
    ("a label of two lines", of(CALL, label_en="{happened}\n=cmd()"), r"label_en: holds a line break"),
    ("a message where none is sent", of(CALL, message_en="Hello. Reply STOP to opt out."), r"phone_callback: message_en: channel call sends none"),
    ("no Chinese message", of(SMS, message_zh=None), r"dropped_call_care: message_zh: is missing; channel sms sends it"),
    ("a message without a way out", of(SMS, message_zh="打扰了"), r"dropped_call_care: message_zh: the text says nowhere how to opt out"),
    ("care with a link", of(SMS, message_en="See http://a.example, STOP"), r"dropped_call_care: message_en: a service message carries no link"),
    ("a message that needs no consent, with a link", of(SMS, consent_code="none", message_en="www.a.example STOP"), r"message_en: a service message carries no link"),
    # audience
    ("an unknown column", of(CALL, audience="anger > 3"), r"phone_callback: audience: unknown column anger"),
    ("an unknown indicator", of(CALL, audience="hit_agt_99"), r"phone_callback: audience: unknown column hit_agt_99"),
    ("a personal column", of(CALL, audience="phone_number = '1'"), r"phone_callback: audience: unknown column phone_number"),
    ("a level that nobody has", of(CALL, audience="level >= 5"), r"phone_callback: audience: level: it is never 5; it is 0 to 4"),
    ("a segment that is none", of(CALL, audience="segment_code = 'dubble'"), r"audience: segment_code: it is never dubble; .*double"),
    ("a function", of(CALL, audience="length(city_code) > 3"), r"phone_callback: audience: length is not allowed"),
    ("a subquery", of(CALL, audience="level in (select 1)"), r"phone_callback: audience: in takes a list"),
    ("two statements", of(CALL, audience="is_explicit; drop table x"), r"phone_callback: audience: more than one expression"),
    ("a number", of(CALL, audience="1"), r"phone_callback: audience: not a yes-or-no"),
    ("an audience of two lines of YAML", of(CALL, audience=["is_explicit"]), r"phone_callback: audience: should be a valid string"),
    ("a parameter", of(CALL, audience="city_code = '$city'"), r"phone_callback: audience: a condition holds no \$"),
    ("a draw of nobody known", of(CALL, sample={"of": "is_x", "share": 0.1}), r"phone_callback: sample: of: unknown column is_x"),
    ("a draw without its share", of(CALL, sample={"of": "is_explicit"}), r"phone_callback: sample: share: is missing"),
    # other keys
    ("an unknown key", of(CALL, audiance="is_explicit"), r"phone_callback: audiance: there is no such key; did you mean audience\?"),
    ("an unknown key of the prior", lambda c: c["strategies"][CALL]["prior"].update(weight=1), r"phone_callback: prior: weight: there is no such key; .*lift_points"),
    ("a prior over 1", lambda c: c["strategies"][CALL]["prior"].update(probability=2), r"phone_callback: prior: probability: .* not 2"),
    ("no prior", of(CALL, prior=None), r"phone_callback: prior: is missing"),
    ("an unknown channel", of(CALL, channel_code="fax"), r"phone_callback: channel_code: .* not 'fax'"),
    ("an unknown action", of(CALL, action_code="hug"), r"phone_callback: action_code: there is no hug; it is one of follow_up_call"),
    ("an unknown consent", of(CALL, consent_code="maybe"), r"phone_callback: consent_code: .* not 'maybe'"),
    ("a list that is never valid", of(CALL, valid_days=0), r"phone_callback: valid_days: .* not 0"),
    ("an empty key", empty(CALL, "sample"), r"phone_callback: sample has no value"),
    ("a strategy without keys", lambda c: c["strategies"].update(rebate=None), r"strategies: rebate|rebate: should be a"),
    ("a code that is none", lambda c: c["strategies"].update({"Call Back": c["strategies"][CALL]}), r"strategies: Call Back: 'Call Back' is no code"),
    ("a code that is a number", lambda c: c["strategies"].update({5: c["strategies"][CALL]}), r"strategies: 5: 5 is no code"),
    ("no strategy", lambda c: c.update(strategies={}), r"strategies: holds 0"),
    ("more than the ledger has bits", lambda c: c.update(strategies={f"s{number}": c["strategies"][CALL] for number in range(61)}), r"strategies: holds 61; write 1 to 60"),
    ("strategies as a list", lambda c: c.update(strategies=[1]), r"strategies: should be a mapping"),
    # settings and words of all
    ("an unknown setting", setting(season=6), r"settings: season: there is no such key; did you mean season_months\?"),
    ("a missing setting", lambda c: c["settings"].pop("seed"), r"settings: seed: is missing"),
    ("a season of five months", setting(season_months=5), r"settings: season_months: 5 months do not make a year up"),
    ("a season of yes months", setting(season_months=True), r"settings: season_months: should be a valid integer, not True"),
    ("a floor of nothing", setting(floors={"hangzhou": {}}), r"settings: floors: hangzhou: write either least"),
    ("a floor of two", setting(floors={"hangzhou": {"least": 5, "share": 0.1}}), r"settings: floors: hangzhou: write either least"),
    ("a floor of a number", setting(floors={571: {"least": 5}}), r"settings: floors: .*571"),
    ("one approver in words", setting(approvers="admin"), r"settings: approvers: should be a list, not 'admin'"),
    ("an approver twice", setting(approvers=["li", "wang", "li"]), r"settings: approvers: li stands twice"),
    ("a cap on no channel", setting(caps={"fax": {"most": 1, "days": 1}}), r"settings: caps: fax"),
    ("a value without weight", setting(value_weights={"high": 1}), r"settings: value_weights: low, normal is missing"),
    ("an experience of nobody known", lambda c: c["experiences"]["escalated"].update(when="x"), r"experiences: escalated: when: unknown column x"),
    ("an experience without Chinese", lambda c: c["experiences"]["escalated"].pop("zh"), r"experiences: escalated: zh: is missing"),
    ("no words for the others", lambda c: c.pop("otherwise"), r"otherwise: is missing"),
    ("another day than its name", lambda c: c.update(valid_from=dt.date(2026, 7, 1)), r"valid_from is 2026-07-01, the file's name says 2026-06-01"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "message"), BROKEN, ids=[each[0] for each in BROKEN])
def test_a_broken_file_is_refused_with_file_strategy_reason_and_what_to_do(
    tmp_path: Path, what: str, change: Change, message: str
) -> None:
    folder = write(tmp_path / "strategies", change)
    with pytest.raises(StrategyError, match=r"strategies/2026-06-01\.yaml: .*?(" + message + ")"):
        load_strategies(folder)


TEXTS: list[tuple[str, bytes, str]] = [
    ("no YAML", b"strategies: [", "not YAML"),
    ("a tab", b"settings:\n\tseed: x", "not YAML: .*; line 2 begins with a tab: indent with spaces"),
    ("nothing", b"", "the file: should be a mapping"),
    ("a list", b"- rebate", "the file: should be a mapping"),
    ("a text", b"strategies", "the file: should be a mapping"),
    ("GBK", "source: 策略".encode("gbk"), r"not UTF-8 at byte 9; save it as UTF-8"),
    ("UTF-16", "source: x".encode("utf-16"), "not UTF-8 at byte 1"),
    (
        "a code twice",
        changed().encode() + b"\n  rebate: {}\n",
        "not YAML: the key rebate stands twice; keep one of them",
    ),
    ("a key twice", b"valid_from: 2026-06-01\nvalid_from: 2026-06-01", "the key valid_from stands twice"),
    ("an object", b"source: !!python/object/apply:os.getcwd []", "not YAML"),
    ("a NUL", b"source: a\x00b", "not YAML"),
    ("brackets without end", b"[" * 5000, "not YAML"),
    ("itself", b"strategies: &a {rebate: *a}", "valid_from: is missing"),
]


@pytest.mark.parametrize(("what", "content", "message"), TEXTS, ids=[each[0] for each in TEXTS])
def test_a_file_that_is_no_yaml_of_ours_is_refused_by_name(
    tmp_path: Path, what: str, content: bytes, message: str
) -> None:
    (tmp_path / "2026-06-01.yaml").write_bytes(content)
    with pytest.raises(StrategyError, match=r"2026-06-01\.yaml: .*?" + message):
        load_strategies(tmp_path)


def test_a_folder_of_a_file_s_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026-06-01.yaml").mkdir()
    with pytest.raises(StrategyError, match="not a plain file"):
        load_strategies(tmp_path)


def test_a_file_whose_name_is_no_day_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(changed(), "utf-8")
    with pytest.raises(StrategyError, match=r"mine\.yaml: valid_from is 2026-06-01, the file's name says mine"):
        load_strategies(tmp_path)


def test_an_error_is_one_of_bad_configuration_and_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadConfigurationError) as caught:
        load_strategies(write(tmp_path / "s", of("rebate", cost="x" * 1000)))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_pinned_text_that_was_damaged_is_refused() -> None:
    with pytest.raises(StrategyError, match="pinned strategies: "):
        parse_strategies(load_strategies()[0].text[:500])


def test_what_windows_editors_add_is_no_mistake(tmp_path: Path) -> None:
    text = changed().replace("\n", "\r\n")
    (tmp_path / "2026-06-01.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_strategies(tmp_path)[-1].digest == parse_strategies(changed()).digest


def test_a_shipped_file_changed_in_nothing_is_taken() -> None:
    def nothing(content: Content) -> None:
        """The file as it is."""

    assert len(parse_strategies(changed(nothing)).strategies) == len(load_strategies()[0].strategies)
