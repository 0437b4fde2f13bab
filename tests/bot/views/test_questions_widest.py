"""Questions whose every text is as long as content may be, written from the right, on every platform."""

import pytest

from adapters.discord.limits import CAPABILITIES as DISCORD
from adapters.playground.config import CAPABILITIES as PLAYGROUND
from adapters.slack.limits import CAPABILITIES as SLACK
from bot.chat import Button, Capabilities, Select, Send, degrade
from bot.views.questions import ShownQuestion, question_message
from tests.support.kinds import ALL, wide, widest
from tests.support.people import items_of

BARE = Capabilities(buttons=False, selects=False, forms=False, private_replies=False, edit=False)


def test_wide_texts_are_what_they_say():
    for length in (24, 80, 120, 200, 300, 320, 700):
        assert len(wide(1, length)) == length


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(
    "can", [DISCORD, SLACK, PLAYGROUND, BARE], ids=["discord", "slack", "page", "bare"]
)
def test_no_way_to_answer_is_lost(kind, can):
    asked = ShownQuestion(widest(kind), wide(1, 80), 1, "practice.answer", 2**63 - 1, "d")
    message = question_message(asked, "Practice", "Only you see it.", hints=2)
    shown = degrade(Send(message), can)
    before = [item.action for item in items_of(message) if isinstance(item, Button | Select)]
    after = [item.action for item in items_of(shown.message) if isinstance(item, Button | Select)]
    text = str(shown.message)
    assert after == before or all(action in text for action in before)
