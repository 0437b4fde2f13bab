"""No sentence ends in two marks, whatever a platform says of a failure."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Forbidden, Gone, Rejected, Transient
from bot.domain.model import PostKind
from bot.domain.reasons import Fault, NoticeKind, PauseReason, Rung
from bot.services.delivery_faults import fault_of
from bot.toolkit.text import sentence
from bot.views.faults import why_paused
from bot.views.notices import notice_message
from tests.storage.facts import group
from tests.support.people import words, world_at

ROOT = Path(__file__).resolve().parents[3]
ERRORS = (Transient, Forbidden, Gone, Rejected)


def texts_of_errors():
    """Every constant text of a delivery error in an adapter, with something put in where it has a hole."""
    for path in sorted((ROOT / "adapters").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith("."):
                yield node.value
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
                last = "" if isinstance(node.values[-1], ast.Constant) else "."
                yield "".join(map(str, parts)) + last


SAID = sorted({text for text in texts_of_errors() if " " in text and "\n" not in text})
DATA = {"post": PostKind.QUIZ.value, "date": "2026-03-02", "refusals": 3, "zone": "", "bug": "KeyError"}
DATA |= {"denied": "powerful", "name": "Gold"}
DATA |= {
    "question": "What does it print?",
    "topic": "Loops",
    "key": "“3” is right",
    "effect": "Nobody's points change.",
}


def test_the_texts_of_errors_are_found():
    assert len(SAID) > 50


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind is not NoticeKind.WRITTEN])
def test_a_notice_ends_each_sentence_once(kind, error):
    for said in SAID:
        fault, detail = fault_of(error(said))
        data = DATA | {"fault": fault.value, "detail": detail}
        for rung in Rung:
            text = notice_message(kind, data, rung).summary
            assert ".." not in text, text
            assert "?." not in text, text
            assert text.endswith((".", "?", "!", "…")), text


@given(st.text(st.sampled_from("ab .?!…”)"), min_size=1, max_size=12))
def test_a_sentence_of_others_ends_with_one_mark(text):
    made = sentence(text)
    assert sentence(made) == made
    assert not made or made[-1] in ".?!…”"
    assert not re.search(r"[.?!…]\.$", made) or made.endswith("….") is False


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("I lack a permission", "I lack a permission."),
        ("I lack a permission.", "I lack a permission."),
        ("I lack a permission..", "I lack a permission."),
        ("Who knows?", "Who knows?"),
        ("Who knows?.", "Who knows?"),
        ("wait...", "wait…"),
        ("It said “no.”", "It said “no.”"),
        ("It said “no”", "It said “no”."),
        ("Unknown Channel (10003).", "Unknown Channel (10003)."),
        ("", ""),
    ],
)
def test_examples(said, made):
    assert sentence(said) == made


def test_the_state_of_a_paused_group_ends_without_a_mark():
    import dataclasses

    paused = dataclasses.replace(group(), pause_reason=PauseReason.REFUSED, pause_detail="I lack it..")
    assert why_paused(paused) == "posting was refused: I lack it"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "error", [Forbidden("I lack a permission."), Gone("The channel is gone."), Forbidden("May I?")]
)
async def test_the_notice_of_a_pause_ends_its_sentences_once(tmp_path, error):
    async with world_at(tmp_path) as world:
        await world.founds(zone="UTC", time="09:30", days="daily")
        world.room.refuse_channel["study"] = error
        for _ in range(4):
            await world.slots_pass(days=1)
        told = [words(p.message) for p in world.room.posted if p.ref.channel.id == "@olga"]
        assert any("I paused" in text for text in told)
        for text in told:
            assert ".." not in text
            assert "?." not in text


def test_every_fault_has_its_words():
    for fault in Fault:
        text = notice_message(
            NoticeKind.FAILED, DATA | {"fault": fault.value, "detail": "it"}, Rung.ORGANISER
        )
        assert "{" not in text.summary
