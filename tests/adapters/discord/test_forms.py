"""Forms as Discord's modals."""

import pytest

from adapters.discord.forms import modal
from adapters.discord.limits import CAPABILITIES
from adapters.discord.views import RawModal
from bot.chat import Choice, Field, Form, OpenForm, degrade
from tests.adapters.discord.rules import check_modal


def parts(*fields):
    """The inputs of a form with these fields, each with its label's payload."""
    form = degrade(OpenForm(Form("Title", "mp1|a|", fields)), CAPABILITIES).form
    payload = modal(form)
    check_modal(payload)
    return [(label["label"], label["component"]) for label in payload["components"]]


def test_the_id_of_a_form_is_its_action():
    payload = modal(Form("Share", "mp1|challenge.built|c=loglens", (Field("link", "Link"),)))
    assert (payload["title"], payload["custom_id"]) == ("Share", "mp1|challenge.built|c=loglens")


def test_a_line_and_a_paragraph_with_what_they_hold():
    (line, paragraph) = parts(
        Field("link", "Link", "x", "https://", max_length=300),
        Field("learned", "Learned?", long=True, required=False),
    )
    assert line == (
        "Link",
        {"type": 4, "custom_id": "link", "style": 1, "required": True, "max_length": 300, "value": "x",
         "placeholder": "https://"},
    )  # fmt: skip
    assert paragraph == (
        "Learned?",
        {"type": 4, "custom_id": "learned", "style": 2, "required": False, "max_length": 1000},
    )


def test_a_choice_is_a_menu_with_its_value_chosen():
    options = (Choice("One", "1"), Choice("Two", "2"))
    ((_, menu),) = parts(Field("pack", "Pack", "2", options=options))
    assert [(option["value"], option["default"]) for option in menu["options"]] == [
        ("1", False),
        ("2", True),
    ]
    assert (menu["type"], menu["required"], menu["min_values"]) == (3, True, 1)


def test_a_choice_that_may_be_left_out():
    ((_, menu),) = parts(Field("pack", "Pack", options=(Choice("One", "1"),), required=False))
    assert (menu["required"], menu["min_values"]) == (False, 0)


def test_more_choices_than_a_menu_holds_become_a_line():
    options = tuple(Choice(f"Number {n}", f"{n}") for n in range(26))
    ((_, line),) = parts(Field("pack", "Pack", "3", options=options))
    assert (line["type"], line["value"]) == (4, "3")


def test_what_is_too_long_for_discord_is_cut():
    payload = modal(
        degrade(
            OpenForm(
                Form("T" * 90, "mp1|a|", (Field("a", "L" * 90, "v" * 9000, "p" * 300, max_length=6000),))
            ),
            CAPABILITIES,
        ).form
    )
    check_modal(payload)
    assert payload["components"][0]["component"]["max_length"] == 4000


@pytest.mark.asyncio
async def test_discord_py_sends_the_form_as_it_is_and_does_not_remember_it():
    form = Form("Title", "mp1|a|", (Field("link", "Link"),))
    made = RawModal(form)
    assert made.to_dict() == modal(form)
    assert made.is_finished()
