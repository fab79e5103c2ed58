"""What replies mean: the texts of replies.yaml, and what holds for any text."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mend.care.survey.reading.templates import Phrases, TemplateError
from mend.care.survey.reading.words import FOLDER, WordsError, read_words, refuse_other_than_texts
from mend.care.survey.reply import Meaning, asks_to_stop, is_opt_out, normalised, parse
from mend.care.survey.rules import Questionnaire, load_rules

TEXTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("replies.yaml").read_text("utf-8"))
ASKED = load_rules()[0].questionnaires
SOLVED, SCORE = ASKED["solved_1_7"], ASKED["score_0_10"]


def flat(texts: list[Any]) -> list[str]:
    return [text for line in texts for text in (line if isinstance(line, list) else [line])]


def solved_cases() -> Iterator[tuple[str, str]]:
    for meaning, texts in TEXTS["solved_questionnaire"].items():
        yield from ((text, meaning) for text in flat(texts))


def score_cases() -> Iterator[tuple[str, str]]:
    for meaning, texts in TEXTS["score_questionnaire"].items():
        yield from ((text, meaning) for text in flat(texts))


def test_there_are_texts_enough_in_both_languages() -> None:
    texts = [
        *flat(TEXTS["opt_out"]),
        *flat(TEXTS["not_opt_out"]),
        *(text for text, _ in (*solved_cases(), *score_cases())),
    ]
    assert len(set(texts)) >= 300
    assert sum(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in set(texts)) >= 120
    assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize("text", flat(TEXTS["opt_out"]))
def test_an_opt_out_is_one_whatever_was_asked(text: str) -> None:
    assert parse(text, SOLVED) == parse(text, SCORE) == Meaning("opt_out")


@pytest.mark.parametrize("text", flat(TEXTS["not_opt_out"]))
def test_what_looks_like_an_opt_out_is_none(text: str) -> None:
    assert not is_opt_out(normalised(text))


@pytest.mark.parametrize(("text", "meaning"), list(solved_cases()))
def test_solved_or_not(text: str, meaning: str) -> None:
    assert parse(text, SOLVED).code == meaning


@pytest.mark.parametrize(("text", "meaning"), list(score_cases()))
def test_scores(text: str, meaning: str) -> None:
    found = parse(text, SCORE)
    assert (found.code if meaning in ("unclear", "unsolved") else found) == (
        meaning if not meaning.isdecimal() else Meaning("score", int(meaning))
    )


def test_satisfied_but_unsolved_is_unsolved_and_keeps_its_score() -> None:
    assert parse("很满意，但没解决", SCORE) == Meaning("unsolved", 10)
    assert parse("9 但没解决", SCORE) == Meaning("unsolved", 9)


def test_a_score_is_read_on_its_questionnaires_own_scale() -> None:
    five = Questionnaire(en="Score from 1 to 5", zh="1-5 分评价", scale=5)
    assert [parse(text, five) for text in ("4/5", "4 out of 5", "5分")] == [
        Meaning("score", 4),
        Meaning("score", 4),
        Meaning("score", 5),
    ]
    assert [parse(text, five).code for text in ("8/10", "0", "7", "4 out of 10")] == ["unclear"] * 4
    assert [parse(text, SCORE).code for text in ("4/5", "4 out of 5")] == ["unclear"] * 2


@given(st.text())
def test_any_text_has_a_meaning_and_a_score_on_the_scale(text: str) -> None:
    for questionnaire in (SOLVED, SCORE):
        meaning = parse(text, questionnaire)
        assert meaning.code in ("solved", "unsolved", "score", "opt_out", "unclear")
        assert meaning.score is None or 0 <= meaning.score <= 10


@given(
    st.sampled_from(sorted({text for text, _ in solved_cases()})),
    st.sampled_from(["  {}", "{}  ", "\n{}\n", "{} \u200b"]),
)
def test_spaces_around_change_nothing(text: str, around: str) -> None:
    assert parse(around.format(text), SOLVED) == parse(text, SOLVED)


def outcome(meaning: Meaning) -> str:
    return f"score:{meaning.score}" if meaning.code == "score" else meaning.code


def labelled(path: Path) -> list[tuple[Questionnaire, str, set[str], set[str]]]:
    """Rows of a labelled file: questionnaire, text, outcomes that are right, outcomes that do harm."""
    asked = {"Q17": SOLVED, "Q010": SCORE}
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n") if line]
    return [
        (asked[code], words.replace("\\n", "\n"), set(right.split("|")), set(harm.split("|")))
        for code, words, right, harm in rows
    ]


def shares(path: Path) -> tuple[float, float, list[str]]:
    """The share that is read rightly, the share that does harm, and the texts of those."""
    rows = [(words, outcome(parse(words, asked)), right, harm) for asked, words, right, harm in labelled(path)]
    right = sum(found in accepted for _, found, accepted, _ in rows)
    harmful = [f"{words} -> {found}" for words, found, _, harm in rows if found in harm]
    return right / len(rows), len(harmful) / len(rows), harmful


def test_our_own_labelled_replies_are_read_rightly_and_harmlessly() -> None:
    path = Path(__file__).with_name("replies.tsv")
    assert len(labelled(path)) >= 5000
    right, harm, harmful = shares(path)
    assert right >= 0.97, right
    assert harm <= 0.003, harmful


def test_replies_that_others_labelled_are_read_rightly_and_harmlessly(shared_data: Path) -> None:
    right, harm, harmful = shares(shared_data / "replies" / "dev.tsv")
    assert right >= 0.97, right
    assert harm <= 0.005, harmful


def test_chat_that_answers_nothing_opts_nobody_out_and_is_hardly_ever_an_answer(shared_data: Path) -> None:
    chat = [line for line in (shared_data / "replies" / "chat_en.tsv").read_text("utf-8").split("\n") if line]
    found = [(outcome(parse(words, asked)), words) for asked in (SOLVED, SCORE) for words in chat]
    assert len(chat) == 1000
    assert [words for code, words in found if code == "opt_out"] == []
    assert sum(code != "unclear" for code, _ in found) <= 5


@pytest.mark.parametrize(
    "text",
    ["网络不通了", "不太好", ("not very "
"good"), "说解决了其实没有", "nothing was resolved", "I am not at all happy", "please get it fixed",
     "等解决了再说", "Only one bar of signal", "A1区", "I want 2 complain", "[自动回复]您好，1月7日回来", "解决了吗？"],
)  # fmt: skip
def test_no_denial_wish_question_or_stray_number_is_solved_or_a_good_score(text: str) -> None:
    assert parse(text, SOLVED).code in ("unsolved", "unclear")
    assert parse(text, SCORE).score is None or parse(text, SCORE).score <= 2


@pytest.mark.parametrize(
    ("answer", "comments"),
    [
        ("solved", [("it took three "
"weeks"), "nobody told me why", "I had to chase you", "please do not let it happen again",
                    "your menus are awful"]),
        ("unsolved", [("it is still "
"weak"), "it went off again", "no signal upstairs", "the refund is missing", "when will you come",
                      "I moved to another provider"]),
        ("已解决", ["等了三天", "没人跟我道歉", "客服热线难打", "以后别再这样", "第一个师傅态度差"]),
        ("没解决", ["晚上还是卡", "今天又断了", "话费没退", "什么时候来", "我换联通了"]),
    ],
)  # fmt: skip
def test_a_comment_takes_a_clear_answer_back_only_when_it_says_how_things_are(answer: str, comments: list[str]) -> None:
    is_harmless = answer in ("solved", "已解决")
    heads = ["1", "Yes, solved", "Resolved"] if answer.isascii() else ["1", "解决了", "已修好"]
    joints = ["{}, but {}", "{} - {}", "{}\n{}"] if answer.isascii() else ["{}，不过{}", "{}。{}", "{}\n{}"]
    for head, joint, comment in itertools.product(heads, joints, comments):
        found = parse(joint.format(head, comment), SOLVED).code
        assert found == "solved" if is_harmless else found in ("unclear", "unsolved"), joint.format(head, comment)


@pytest.mark.parametrize(
    "text",
    [
        "回滚好了，恢复正常",
        "改好了",
        "调好了发你",
        "流量没了",
        "家里信号没了",
        "ok，没问题",
        "修好了，能洗澡了",
        "yes I received your message",
        "solve it",
    ],
)
def test_what_may_be_said_of_anything_else_is_not_solved(text: str) -> None:
    assert parse(text, SOLVED).code in ("unclear", "unsolved")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("退订谢谢", True), ("不需要再发", True), ("STOP\nSent from my iPhone", True), ("回T退订", True), ("Ｓｔｏｐ！",
        True),
        ("please stop this roaming charge", False),
        ("take me off hold", False), ("STOP扣费", False), ("不退订", False), ("退订失败", False),
        ("7\n> 现在解决了吗？已解决请回复1，未解决请回复7。回T退订", False),
        ("Reply 1 for yes, 7 for no. Reply STOP to opt out.",
        False),
        ("您好，请您对刚才的通话服务打分，回复0-10的数字，10分表示非常满意。回T退订", False), ("自动回复：退订请回T", False),  # noqa: E501
        ("",
        False),
    ],
)  # fmt: skip
def test_only_a_text_that_asks_for_no_more_messages_as_a_whole_opts_out(text: str, asks: bool) -> None:
    assert asks_to_stop(text) is asks


@pytest.mark.parametrize("language", ["en", "zh"])
def test_none_of_our_own_messages_quoted_back_means_anything(language: str) -> None:
    for name, template in load_rules()[0].templates.items():
        words = getattr(template, language).replace("{promised}", "17:00")
        for asked in (SOLVED, SCORE):
            assert parse(words, asked).code == "unclear", name
            assert parse(f"7\n{words}", asked).code in ("unsolved", "score"), name
            assert parse(f"{words} 7", asked).code in ("unsolved", "score"), name


def test_a_houses_own_message_quoted_back_is_cut_out_too() -> None:
    sent = "House of Calls: was it mended? Answer 1 or 7. Send STOP and we stop."
    assert parse(f"7\n{sent}", SOLVED, sent) == parse(f"{sent}\n7", SOLVED, sent) == Meaning("unsolved")
    assert parse(sent, SOLVED, sent) == Meaning("unclear")


@pytest.mark.parametrize(
    "text",
    ["1 but " * 330, "solved but " * 180, "不过" * 950, "解决了不过" * 390, "1, so " * 330, "reslved " * 240,
    "7 天" * 650,
     "1" * 100_000, "没" * 100_000, "stop " * 20_000, " " * 100_000, "7\n" + ">" * 100_000, "-" * 1_900, "a " * 950,
     "没有" * 950,
     "打了7次" * 400, "(" * 1_900, "thanks thank you " * 100, "\n \t" * 600, "very " * 380, "不是1是7" * 300,
     "👍" * 1_900
     ],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    parse("1", SOLVED)  # the phrases are read once
    begun = time.perf_counter()
    for asked in (SOLVED, SCORE):
        parse(text, asked)
    asks_to_stop(text)
    assert time.perf_counter() - begun < 5


def test_a_template_that_cannot_be_read_is_named() -> None:
    with pytest.raises(TemplateError, match="not closed"):
        Phrases({"tag": ["(a|b"]}, {})
    with pytest.raises(TemplateError, match="no part"):
        Phrases({"tag": ["{missing}"]}, {})
    with pytest.raises(TemplateError, match="too many"):
        Phrases({"tag": ["a)"]}, {})


def test_templates_match_choices_parts_repetitions_and_digits() -> None:
    phrases = Phrases({"one": ["a(b|c)?{d}+#*"], "two": ["ab"]}, {"d": "x|yz"})
    ends = {text: [end for end, _ in phrases.ends(text, 0)] for text in ("abx", "acyzx12", "ax", "ab", "a", "zax")}
    assert ends == {"abx": [2, 3], "acyzx12": [4, 5, 6, 7], "ax": [2], "ab": [2], "a": [], "zax": []}
    assert [tags for _, tags in phrases.ends("ab", 0)] == [("two",)]


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_every_word_of_the_reader_is_a_text(name: str) -> None:
    assert read_words(name)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("typed: {yess: yes}", "typed, yess: True"),
        ("typed: {no: nope}", "typed: False"),
        ("lines: [a, 1]", "lines, line 2: 1"),
        ("empty:", "empty: None"),
    ],
)
def test_a_word_that_yaml_reads_as_something_else_is_refused_by_its_place(words: str, said: str) -> None:
    with pytest.raises(WordsError, match=f"signs.yaml, {said} is read as"):
        refuse_other_than_texts("signs.yaml", yaml.safe_load(words))
