"""No code where a word belongs: every page, in both languages, of rows that hold every code of every code list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from tests.mend_airflow.ui.airflow_app import AirflowApp
from tests.mend_airflow.ui.code_rows import PATHS
from tests.mend_airflow.ui.page_text import texts_of
from tests.mend_airflow.ui.paths import PAGES
from tests.mend_airflow.ui.rows import EVIL

from mend.foundation.schema import CODES, RECORDS

# What looks like a code and is a name: an expression, and why.
NAMES: Final = {
    r"Mend|Airflow": "the products' names",
    r"[KVZ]\d+|GONE": "customer ids",
    r"(complex_question|complex_topic_ended):c(/?\d)|F-\w+|f\d|R-\d+": "ids of follow-ups and surveys",
    r"[cCtTsS]-?\d+": "ids of contacts, tickets, replies",
    r"(\d{4}-\d\d-)?service-problem_solving": "a problem's id",
    r"crm": "a source that nobody named, beside the word that says so",
    r"(\d{4}-\d\d-)?v\d": "ids of lists",
    r"hangzhou-call\.csv|ok\.csv": "file names",
    r"admin|ops|oncall|handler|S\d|service-(city|branch)|(market|group|network|support|service)-\d\d": "people's names",
    r"mend_nightly|night": "a DAG's and a run's name in Airflow",
    r"Asia/Shanghai": "the zone's name",
    r"(IVR|CON|AGT|RES|REP)-\d\d": "ids of indicators",
    r"unlimited|default|hangzhou": "what is typed into the form of a what-if, as a file of strategies has it",
    r"IVR|WAP|P|Holm|AUC": "terms that Chinese users say as they are",
}
WHOLE: Final = re.compile("|".join(f"(?:{each})" for each in NAMES))
LATIN: Final = re.compile(r"[A-Za-z0-9_]*[A-Za-z][\w:./'-]*[\w]|[A-Za-z]", re.ASCII)
CODE: Final = re.compile(
    r"[\w:./-]*[A-Za-z0-9]_[A-Za-z0-9][\w:./-]*|\d{4}-\d\d-\d\d(?:T|\s\d\d:\d\d:\d\d[+Z])\S*", re.ASCII
)
# A column of the contract beside its words, for whoever mends a mapping.
COLUMN: Final = re.compile(
    rf"[(（](?:{'|'.join(sorted(each.name for one in RECORDS.values() for each in one.columns))})[)）]"
)
# An English comma, colon, semicolon, question or exclamation mark beside a Chinese sign; parentheses are used as well.
WESTERN: Final = re.compile(r"[\u4e00-\u9fff）] ?[,;:!?]|[,;!?] ?[\u4e00-\u9fff（]")
WALKED: Final = tuple(dict.fromkeys((*PAGES, *PATHS)))
LANGUAGES: Final = ("en", "zh")
# Code lists that pages show: the rows hold each of their codes.
SHOWN: Final = (
    "contact_outcome", "direction", "ticket_kind", "survey_purpose", "segment", "lifecycle", "department",
    "follow_up_measure", "follow_up_state", "follow_up_event", "contact_refusal", "warning_event", "warning_result",
    "touchpoint_stage", "touchpoint_quadrant", "touchpoint_basis", "touchpoint_aspect", "touchpoint_action_state",
    "touchpoint_moved", "trouble_dimension", "trouble_verdict", "lifecycle_group", "point_verdict", "leaving_verdict",
    "grumble_form", "form_trend", "value_cluster", "behaviour_cluster", "consumption_cluster", "cluster_kind",
    "claim_state", "survey_measure", "survey_trigger", "effect_outcome", "effect_estimand", "effect_verdict",
    "effect_refusal", "effect_grouping", "age_band", "gender", "campaign_outcome", "campaign_gate",
    "campaign_resource", "campaign_channel", "gate",
)  # fmt: skip


def spoken(app: AirflowApp, path: str, language: str) -> Iterator[str]:
    """The page's texts without what the rows hold of hostile texts."""
    answer = app.get(path, "admin", language)
    assert answer.status_code == 200, (path, answer.status_code)
    yield from (COLUMN.sub("", text.replace(EVIL, "")) for text in texts_of(answer.text))


def is_name(token: str) -> bool:
    return WHOLE.fullmatch(token.rstrip(".:/")) is not None


@pytest.mark.parametrize("path", WALKED)
def test_a_chinese_page_has_no_latin_words_but_names(simple_app: AirflowApp, path: str) -> None:
    found = [
        (token, text) for text in spoken(simple_app, path, "zh") for token in LATIN.findall(text) if not is_name(token)
    ]
    assert found == []


@pytest.mark.parametrize("path", WALKED)
def test_a_chinese_page_has_chinese_punctuation(simple_app: AirflowApp, path: str) -> None:
    assert [text for text in spoken(simple_app, path, "zh") if WESTERN.search(text)] == []


@pytest.mark.parametrize("path", WALKED)
def test_an_english_page_has_no_codes(simple_app: AirflowApp, path: str) -> None:
    found = [
        (token, text) for text in spoken(simple_app, path, "en") for token in CODE.findall(text) if not is_name(token)
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_walk_finds_a_code_where_there_is_one(language: str) -> None:
    marked = '<code>mend run</code> <samp>no word</samp> <span lang="">they called_back</span>'
    page = f'<html lang="{language}"><p>地市 team_1 {marked}</p></html>'
    found = [token for text in texts_of(page) for token in (LATIN if language == "zh" else CODE).findall(text)]
    assert found == ["team_1"]


def test_every_code_of_a_shown_list_is_in_the_rows(simple_app: AirflowApp) -> None:
    shown = {text for path in WALKED for text in spoken(simple_app, path, "zh")}
    whole = "\n".join(shown)
    missing = {(name, code) for name in SHOWN for code, words in CODES[name].items() if words[1] not in whole}
    assert missing == set()
