"""Fitting a reply to a platform: within its limits, and nobody loses a way to act."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import (
    Actions,
    Button,
    Capabilities,
    Choice,
    Code,
    Divider,
    Facts,
    Field,
    File,
    Footnote,
    Form,
    FormErrors,
    Heading,
    Link,
    Message,
    OpenForm,
    Picture,
    Replace,
    Select,
    Send,
    SendDirect,
    Text,
    Visibility,
    aloud,
    degrade,
)
from bot.chat.fitting import fit
from bot.toolkit.text import shorten
from tests.support.replies import form_in, messages_in, platforms, read_length, replies, ways_to_act
from tests.support.room import items_of, markdown, words

BARE = Capabilities(
    private_replies=False, buttons=False, selects=False, forms=False, form_errors=False, edit=False
)
situations = replies.flatmap(lambda reply: st.tuples(st.just(reply), platforms(reply)))


def assert_message_fits(message, can):
    assert len(message.blocks) <= can.max_blocks
    assert sum(map(read_length, message.blocks)) <= can.max_text
    assert len(message.summary) <= can.max_block
    for block in message.blocks:
        if isinstance(block, Actions):
            assert 0 < len(block.items) <= can.max_row
        else:
            assert read_length(block) <= can.max_block
    for item in items_of(message):
        shown = (
            [item.placeholder, *(o.label for o in item.options)]
            if isinstance(item, Select)
            else [item.label]
        )
        assert all(len(label) <= can.max_label for label in shown)
        assert can.selects if isinstance(item, Select) else can.buttons
        assert not isinstance(item, Select) or 0 < len(item.options) <= can.max_options


def assert_form_fits(form, can):
    assert can.forms
    assert len(form.title) <= can.max_title
    for field in form.fields:
        assert len(field.label) <= can.max_field_label
        assert len(field.options) <= can.max_options
        assert all(len(option.label) <= can.max_label for option in field.options)


@given(situations)
def test_every_reply_is_within_every_limit_of_the_platform(situation):
    reply, can = situation
    fitted = degrade(reply, can)
    for message in messages_in(fitted):
        assert_message_fits(message, can)
    if form_in(fitted):
        assert_form_fits(form_in(fitted), can)


@given(situations)
def test_fitting_twice_changes_nothing_more(situation):
    reply, can = situation
    assert degrade(degrade(reply, can), can) == degrade(reply, can)


@given(situations)
def test_every_way_to_act_can_still_be_pressed_or_typed(situation):
    reply, can = situation
    fitted = degrade(reply, can)
    for before, after in zip(messages_in(reply), messages_in(fitted), strict=False):
        left, text = ways_to_act(after), markdown(after)
        for action, value in ways_to_act(before):
            typed = f"/press {action} {value}".strip()
            address = action.replace("(", "%28").replace(")", "%29")
            assert (action, value) in left or typed in text or f"]({address})" in text


@given(situations)
def test_a_form_can_still_be_handed_in(situation):
    reply, can = situation
    form = form_in(reply)
    if form is None:
        return
    fitted = degrade(reply, can)
    if can.forms:
        assert form_in(fitted) or any("Open the form again" in markdown(m) for m in messages_in(fitted))
    else:
        assert f"/fill {form.action} {form.fields[0].name}=" in markdown(messages_in(fitted)[0])


@given(situations)
def test_what_is_private_stays_private(situation):
    reply, can = situation
    fitted = degrade(reply, can)
    if isinstance(fitted, Send) and fitted.visibility is Visibility.PUBLIC:
        assert isinstance(reply, Send)
        assert reply.visibility is Visibility.PUBLIC
    elif isinstance(fitted, Send):
        assert can.private_replies
    if isinstance(fitted, SendDirect) and not isinstance(reply, SendDirect):
        assert fitted.notice.summary.startswith("I couldn't message you"[: can.max_block - 1])
        assert not fitted.notice.blocks


@given(situations)
def test_the_words_for_a_picture_are_kept_while_other_words_can_go(situation):
    reply, can = situation
    for before, after in zip(messages_in(reply), messages_in(degrade(reply, can)), strict=False):
        pictures = [block for block in before.blocks if isinstance(block, Picture)]
        kept = [block for block in after.blocks if isinstance(block, Picture)]
        others = [
            b for b in after.blocks if not isinstance(b, Picture | Actions) and "/press" not in str(b)
        ]
        if any(read_length(block) > 1 for block in others) and len(pictures) == len(kept):
            assert [k.alt for k in kept] == [shorten(p.alt, can.max_block) for p in pictures]


def test_a_platform_without_anything_gets_words_that_do_the_same():
    reply = Send(
        Message(
            "Pick",
            (
                Actions(
                    (
                        Button("A *or* B", "mp1|quiz|o=a"),
                        Button("Gone", "mp1|quiz|o=b", enabled=False),
                        Link("Docs", "https://example.org/a_(b)"),
                        Select("Topic?", "mp1|topic|", (Choice("HTTP", "http"), Choice("Tick", "a`b"))),
                        Select("Nothing to choose", "mp1|none|", ()),
                    )
                ),
            ),
        )
    )
    fitted = degrade(reply, BARE)
    assert isinstance(fitted, SendDirect)
    assert markdown(fitted.message).splitlines() == [
        "- Gone",
        r"Topic\?",
        r"- A \*or\* B: type `/press mp1|quiz|o=a`",
        "- [Docs](https://example.org/a_%28b%29)",
        "- HTTP: type `/press mp1|topic| http`",
        "- Tick: type `` /press mp1|topic| a`b ``",
    ]


FORM = Form(
    "Set up",
    "mp1|study.setup|",
    (
        Field("pack", "Roadmap", "tiny", options=(Choice("A tiny pack", "tiny"), Choice("Big", "big"))),
        Field("zone", "Time zone", required=False),
        Field("note", "Note", "two words"),
        Field("quote", "Quote", 'say "no"'),
        Field("story", "Story", "word " * 30, long=True),
    ),
)


def test_a_form_in_words_names_its_fields_their_choices_and_the_command_with_what_is_filled_in():
    fitted = degrade(OpenForm(FORM), BARE)
    shown = words(fitted.message)
    assert "- Roadmap (`pack`): `tiny` A tiny pack, `big` Big" in shown
    assert "- Time zone (`zone`, optional)" in shown
    filled = 'pack=tiny zone=… note="two words" quote=… story=…'
    assert f"Type `/fill mp1|study.setup| {filled}`" in shown


def test_a_command_too_long_for_one_block_leaves_out_what_is_filled_in():
    wide = Form("Wide", "mp1|x|", tuple(Field(f"f{n}", "F", "v" * 60) for n in range(4)))
    fitted = degrade(OpenForm(wide), Capabilities(forms=False, max_block=200))
    assert "Type `/fill mp1|x| f0=… f1=… f2=… f3=…`" in words(fitted.message)


@pytest.mark.parametrize(
    ("can", "how"),
    [(Capabilities(form_errors=False), "Open the form again"), (BARE, "/fill mp1|study.setup|")],
)
def test_errors_that_no_form_can_show_come_in_words_with_the_long_texts_that_were_typed(can, how):
    fitted = degrade(FormErrors(FORM, {"zone": "No such zone.", "": "Twice."}), can)
    shown = words(fitted.message)
    assert shown.startswith("- No such zone.\n- Twice.")
    assert how in shown
    assert Code("word " * 30, "text") in fitted.message.blocks


def test_a_platform_with_forms_and_their_errors_gets_the_form():
    reply = FormErrors(FORM, {"zone": "No such zone."})
    assert degrade(reply, Capabilities(max_title=40)) == reply


def test_a_choice_among_too_many_becomes_a_line_that_names_the_values():
    fitted = degrade(OpenForm(FORM), Capabilities(max_options=1))
    assert fitted.form.fields[0].options == ()
    assert fitted.form.fields[0].placeholder == "tiny, big"


@pytest.mark.parametrize(
    ("can", "expected"),
    [
        (Capabilities(), Replace),
        (Capabilities(edit=False), Send),
        (Capabilities(edit=False, private_replies=False), SendDirect),
    ],
)
def test_what_cannot_be_replaced_is_said_to_the_person_alone(can, expected):
    fitted = degrade(Replace(Message("Hint", (Text("Look closer"),))), can)
    assert isinstance(fitted, expected)
    assert fitted.message.blocks == (Text("Look closer"),)
    assert getattr(fitted, "visibility", Visibility.PRIVATE) is Visibility.PRIVATE


def test_neighbouring_paragraphs_are_joined_before_any_is_left_out():
    many = Message("Many", (Heading("H"), *(Text(letter) for letter in "abc"), Footnote("f")))
    fitted = degrade(Send(many), Capabilities(max_blocks=3))
    assert fitted.message.blocks == (Heading("H"), Text("a\n\nb\n\nc"), Footnote("f"))


def test_lines_go_first_and_what_can_be_pressed_never():
    button = Actions((Button("Go", "mp1|go|"),))
    message = Message(
        "M", (Divider(), Picture("<svg/>", "alt"), button, Code("x", "python"), Footnote("f"))
    )
    kept = [
        [
            type(block).__name__
            for block in degrade(Send(message), Capabilities(max_blocks=n)).message.blocks
        ]
        for n in (4, 3, 2, 1)
    ]
    assert kept == [
        ["Picture", "Actions", "Code", "Footnote"],
        ["Picture", "Actions", "Code"],
        ["Picture", "Actions"],
        ["Actions"],
    ]


def test_facts_that_are_too_long_lose_their_last_pairs():
    facts = Facts((("Streak", "3 days"), ("Best", "12 days in a row"), ("Freezes", "1")))
    fitted = degrade(Send(Message("F", (facts,))), Capabilities(max_block=24))
    assert fitted.message.blocks == (Facts((("Streak", "3 days"), ("Best", "12 days…"))),)


def test_a_platform_with_too_little_room_gets_what_it_can_take():
    rows = tuple(Actions((Button(f"Number {n}", f"mp1|go|n={n}"),)) for n in range(3))
    tiny = Capabilities(max_text=10, max_blocks=2)
    fitted = degrade(Send(Message("Go", (Text("Choose one"), *rows))), tiny)
    assert fitted.message.blocks == rows[:2]


def test_words_are_cut_before_commands_and_before_what_stands_for_a_picture():
    buttons = Actions(tuple(Button(letter, f"mp1|quiz.answer|o={letter}" + "x" * 60) for letter in "AB"))
    lines = [f"- {b.label}: type `/press {b.action}`" for b in buttons.items]
    alt = "A long description of a picture, in place of it"
    message = Message("Q", (Text("Short words. " * 3), buttons, Picture("<svg/>", alt)))
    room = len("\n".join(lines)) + len(alt)
    for spare in (20, 5, 0):
        can = Capabilities(buttons=False, max_text=room + spare)
        fitted = degrade(Send(message), can).message
        assert fitted.blocks[-2:] == (Text("\n".join(lines)), Picture("<svg/>", alt))
        assert sum(map(read_length, fitted.blocks)) <= room + spare
    tighter = degrade(Send(message), Capabilities(buttons=False, max_text=room - 9)).message
    assert tighter.blocks[0] == Text("\n".join(lines))
    assert len(tighter.blocks[1].alt) < len(alt)


def test_a_file_is_kept_where_it_can_be_shown_and_else_said_where_to_read_it():
    file = File("data.json", "{" + " " * 9000 + "}", "Your data", "Read it with /privacy export part:1")
    message = Message("Your data", (Heading("Your data"), file))
    assert fit(message, Capabilities(files=True)) == message
    assert words(fit(message, Capabilities())) == "Your data\nRead it with /privacy export part:1"
    assert "Your data: data.json" in aloud(message, 500)
