"""Random replies and platforms for the tests of ``degrade``, and what a person could do with a message."""

from dataclasses import replace

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
    Footnote,
    Form,
    FormErrors,
    Heading,
    Link,
    Message,
    NoReply,
    OpenForm,
    Picture,
    Replace,
    Select,
    Send,
    SendDirect,
    Style,
    Text,
    Visibility,
    encode,
)
from tests.support.room import items_of

ALT_LIMIT = 60

_SAMPLE = "ab *cd* e_f\n`x` [g](h) \\ # ij. kl-mn "
prose = st.tuples(st.integers(0, 30), st.integers(0, 120)).map(lambda at: (_SAMPLE * 5)[at[0] :][: at[1]])
labels = prose.map(lambda text: text[:90] or "x")
actions = st.integers(0, 10**9).map(lambda number: encode("quiz.answer", p=number))
values = st.sampled_from(["http", "a-b", "a`b", "``", "x" * 40])
urls = st.sampled_from(
    ["https://example.org/", "https://example.org/a_(b)", "https://example.org/" + "x" * 60]
)
choices = st.lists(st.builds(Choice, labels, values), max_size=5).map(tuple)
items = (
    st.builds(Button, labels, actions, st.sampled_from(Style), st.booleans())
    | st.builds(Link, labels, urls)
    | st.builds(Select, labels, actions, choices)
)
blocks = st.one_of(
    st.builds(Heading, prose),
    st.builds(Text, prose),
    st.builds(Code, prose, st.just("python")),
    st.builds(Footnote, prose),
    st.builds(Facts, st.lists(st.tuples(prose, prose), max_size=4).map(tuple)),
    st.builds(Picture, st.just("<svg/>"), prose.map(lambda text: text[:ALT_LIMIT])),
    st.builds(Divider),
    st.builds(Actions, st.lists(items, max_size=4).map(tuple)),
)
messages = st.builds(Message, prose, st.lists(blocks, max_size=8).map(tuple))
fields = st.builds(
    Field,
    st.from_regex(r"[a-z]{1,6}", fullmatch=True),
    labels,
    value=prose,
    long=st.booleans(),
    required=st.booleans(),
    options=choices,
)
forms = st.builds(Form, labels, actions, st.lists(fields, min_size=1, max_size=4).map(tuple))
replies = st.one_of(
    st.builds(Send, messages, st.sampled_from(Visibility)),
    st.builds(SendDirect, messages, messages),
    st.builds(Replace, messages),
    st.builds(OpenForm, forms),
    st.builds(FormErrors, forms, st.dictionaries(labels, prose, max_size=3)),
    st.just(NoReply()),
)


def messages_in(reply):
    """Every message that a reply shows."""
    match reply:
        case Send(message) | Replace(message):
            return [message]
        case SendDirect(message, notice):
            return [message, notice]
    return []


def form_in(reply):
    """The form that a reply shows, or None."""
    return reply.form if isinstance(reply, OpenForm | FormErrors) else None


def ways_to_act(message):
    """Buttons, links and choices that a person can use, each with its action or address and its value."""
    ways = []
    for item in items_of(message):
        match item:
            case Button(_, action, _, True):
                ways.append((action, ""))
            case Link(_, url):
                ways.append((url, ""))
            case Select(_, action, options):
                ways += [(action, option.value) for option in options]
    return ways


def read_length(block):
    """Characters of a block that are read, in the test's own reckoning."""
    match block:
        case Text(text) | Heading(text) | Footnote(text) | Code(text):
            return len(text)
        case Facts(pairs):
            return sum(len(word) for pair in pairs for word in pair)
        case Picture(alt=alt):
            return len(alt)
        case Actions(items):
            return sum(len(item.placeholder if isinstance(item, Select) else item.label) for item in items)
    return 0


@st.composite
def platforms(draw, reply):
    """Any platform with the room that ``degrade`` asks for to keep every way to act."""
    bare = draw(
        st.builds(
            Capabilities,
            **{
                name: st.booleans()
                for name in ("private_replies", "buttons", "selects", "forms", "form_errors", "edit")
            },
            max_label=st.integers(4, 60),
            max_row=st.integers(1, 6),
            max_options=st.integers(1, 6),
            max_title=st.integers(4, 40),
            max_field_label=st.integers(4, 40),
        )
    )
    needed = [
        _room(action, value, bare.max_label)
        for message in messages_in(reply)
        for action, value in ways_to_act(message)
    ]
    pressed = [item for message in messages_in(reply) for item in items_of(message)]
    if form_in(reply):
        needed = [200]  # the command that fills the form
    return replace(
        bare,
        max_block=max([40, *needed]) + draw(st.integers(0, 200)),
        max_blocks=max(2, len(needed) + len(pressed)) + draw(st.integers(0, 8)),
        max_text=sum(needed) + len(pressed) * bare.max_label + 40 + draw(st.integers(0, 600)),
    )


def _room(action, value, max_label):
    """Characters of a line that names an action, its value and a label of which any may be escaped."""
    return 3 * len(action) + len(value) + 2 * max_label + 30
