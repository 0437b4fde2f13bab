"""The words that people are shown: on one page, in their homes, and in plain English."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from bot.handlers import all_routes

ROOT = Path(__file__).resolve().parents[2]

TRANSLATED = (
    r"from now on",
    r"\bgo(?:es)? on with\b",
    r"\bfor good\b",
    r"\btak(?:e|en) (?:that )?back\b",
    r"\bmend(?:s|ed|ing)?\b",
    r"\bhence\b",
    r"\bwho(?:so)?ever\b",
    r"\bwhom\b",
    r"\bof (?:its|their) own accord\b",
    r"\bby themselves\b",
    r"\bcomes? by itself\b",
    r"\bnobody's fault\b",
    r"(?<!there )\b(?:is|are|was|were) no (?!longer\b|more than\b)",
    r"\bany more\b",
    r"\bcalls? nobody\b",
    r"\bwalks? along\b",
    r"\bof this place\b",
    r"\bshall\b",
    r"\banew\b",
    r"\bbear(?:s|ing)?\b",
    r"\bbeside\b",
    r"\bthe article\b",
    r"\bproject challenge\b",
    r"\bhappen(?:s|ed) lately\b",
)
"""Idioms that a translator leaves behind; docs/developers.md says what is written in their stead."""

AMERICAN = r"\b(?:organiz|recogniz|apologiz|summariz|color(?!e)|favorite|practicing|practiced)\w*"
MUDDLED = (r"(?<!\.)\.\.(?!\.)(?=\s|$|[A-Za-z])", r"\b(\w{2,}) \1\b", r" ,", r"  +[a-z]", r"\?\.", r"!\.")
PRACTISE = re.compile(
    r"\b(?:to|can|may|you|could|now) practice\b|\b(?:a|the|only) practise\b", re.IGNORECASE
)
A_COMMAND = re.compile(r"(?<![\w/}<.…])/(?!>)([a-z]+(?:-[a-z]+)?)(?: ([a-z]+(?:-[a-z]+)*))?")
NOT_OURS = frozenset(
    {
        "invite",
        "static",
        "path",
        "api",
        "host",
        "run",
        "name",
        "press",
        "fill",
        "a",
        "p",
        "milepost",
        "command",
        "bin",
        "dev",
        "etc",
        "usr",
    }
)
"""Words after a slash that aren't our commands: Slack's own, addresses, paths, typed buttons."""


@pytest.fixture(scope="module")
def texts():
    spec = importlib.util.spec_from_file_location("docs_texts", ROOT / "docs/texts.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told(texts):
    return texts.every_text()


def found_in(told, pattern):
    return [
        f"{each.file}:{each.line}: {each.text}"
        for each in told
        if re.search(pattern, each.text, re.IGNORECASE)
    ]


def test_the_page_is_in_step_with_the_code(texts, capsys):
    assert texts.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_is_not_is_told(texts, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(texts, "PAGE", tmp_path / "texts.md")
    assert texts.main(["--check"]) == 1
    assert "out of step" in capsys.readouterr().err
    assert texts.main([]) == 0
    assert texts.main(["--check"]) == 0


def test_no_sentence_lives_outside_its_home(texts):
    assert texts.strays() == []


def test_the_page_has_what_members_organisers_and_operators_are_shown(told):
    shown = {each.text for each in told}
    for text in (
        "Only organisers can do that here.",
        "Mark done",
        "See your streak, day by day",
        "Not quite",
        "Everything agrees with the facts.",
        "There are no questions on this topic yet. Try another one.",
        "Milepost isn't answering. Is it still running?",
        "Nothing in this channel yet",
    ):
        assert text in shown


@pytest.mark.parametrize("pattern", TRANSLATED)
def test_nobody_is_spoken_to_in_a_translated_idiom(told, pattern):
    assert found_in(told, pattern) == []


@pytest.mark.parametrize("pattern", [AMERICAN, *MUDDLED])
def test_texts_are_spelt_one_way_and_without_slips(told, pattern):
    assert found_in(told, pattern) == []


def test_to_practise_is_the_verb_and_practice_the_noun(told):
    assert [each for each in told if PRACTISE.search(each.text)] == []


def test_no_sentence_begins_with_the_raw_name_of_an_option(told):
    names = {option.name for command in all_routes().commands.values() for option in command.options}
    raw = re.compile(rf"(?:{'|'.join(sorted(names))}) (?:is|are|must|has|needs|takes|cannot|can't)\b")
    assert [each for each in told if raw.match(each.text)] == []


def test_every_command_that_is_named_exists(told):
    commands = set(all_routes().commands)
    first = {name.split()[0] for name in commands}
    wrong = []
    for each in told:
        for name, sub in A_COMMAND.findall(each.text):
            if name in NOT_OURS or "://" in each.text:
                continue
            subs = {known.split()[1] for known in commands if known.startswith(f"{name} ")}
            if name not in first or (subs and sub and sub not in subs and name not in commands):
                wrong.append(f"{each.file}:{each.line}: /{name} {sub}")
    assert wrong == []
