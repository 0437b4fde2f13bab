"""Every shipped message and form is one that Discord takes, and nothing in it is cut."""

import datetime as dt

import pytest

from adapters.discord.forms import modal
from adapters.discord.limits import CAPABILITIES
from adapters.discord.outbound import shown, walk
from bot.chat import Link, OpenForm, Send, degrade
from bot.chat.text_tokens import moment
from bot.domain.model import PostKind, Standing
from bot.domain.scoring import Period
from bot.domain.streaks import Summary
from bot.handlers import all_routes
from bot.views.challenge import submission_form
from bot.views.help import help_message
from bot.views.leaderboard import Again, Recap, leaderboard_message, recap_message
from bot.views.reminder import reminder_message
from bot.views.study import schedule_form, setup_form
from tests.adapters.discord.rules import check_message, check_modal
from tests.bot.views.test_views import (
    BIG,
    every_challenge,
    every_prompt,
    every_question,
    every_reveal,
    every_step,
    every_verdict,
    questions,
)
from tests.support.helpers import every_project
from tests.support.people import items_of

NUMBERS = ("current", "best", "freezes", "active_last_30", "asked_last_30")
NAME = "W" * 32
"""The longest name of a person on Discord."""


def standings():
    return tuple(Standing(n, n, NAME, BIG, BIG, BIG) for n in range(1, 26))


def every_list():
    for period in Period:
        yield period, leaderboard_message(period, standings(), None)
    hardest = max((question.stem for _, question in questions()), key=len)
    again = Again("deploy-your-application-order-when-dropping-a-column", hardest[:100], hardest)
    since = moment(dt.datetime(2026, 3, 2, tzinfo=dt.UTC), "America/Argentina/Buenos_Aires")
    figures = (BIG, BIG, BIG, BIG, BIG)
    recap = Recap(since, *figures, again, standings()[:6], BIG, "ahead " * 20)
    yield "recap", recap_message(recap)
    for organiser in (True, False):
        yield "help", help_message(all_routes().commands.values(), organiser=organiser)
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    streak = Summary(now.date(), today_counted=False, counts_until=now, **dict.fromkeys(NUMBERS, BIG))
    yield "reminder", reminder_message([NAME, NAME], streak, "Europe/Berlin", BIG, is_last=True)


EVERYTHING = pytest.mark.parametrize(
    "messages",
    [every_question, every_verdict, every_reveal, every_prompt, every_challenge, every_step, every_list],
)


def on_discord(message):
    """As a post: fitted by the core, shown by the adapter."""
    return shown(degrade(Send(message), CAPABILITIES).message).components


@EVERYTHING
def test_discord_takes_every_message(messages):
    for _, message in messages():
        check_message(on_discord(message))


@EVERYTHING
def test_everything_that_can_be_pressed_is_there(messages):
    for name, message in messages():
        given = [item.url if isinstance(item, Link) else item.action for item in items_of(message)]
        parts = list(walk(on_discord(message)))
        there = [part.get("custom_id", part.get("url")) for part in parts if part["type"] in {2, 3}]
        assert sorted(there) == sorted(given), name


@pytest.mark.parametrize(
    "messages", [every_question, every_verdict, every_reveal, every_prompt, every_challenge, every_step]
)
def test_nothing_is_cut(messages):
    for name, message in messages():
        whole = shown_texts(shown(message).components)
        assert shown_texts(on_discord(message)) == whole, name
        assert sum(text.count("…") for text in whole) == ellipses(message), name


def shown_texts(components):
    return [part["content"] for part in walk(components) if part["type"] == 10]


def ellipses(message):
    return sum(text.count("…") for text in map(str, message.blocks))


def forms():
    titles = {f"pack-{number}": "W" * 90 for number in range(25)}
    yield setup_form(titles, {})
    yield setup_form({"one": "One"}, {"zone": "W" * 60, "time": "W" * 9, "days": "W" * 200})
    for kind in PostKind:
        yield schedule_form(kind, {"zone": "America/Argentina/ComodRivadavia"})
    for challenge in every_project():
        yield submission_form(challenge, "https://" + "x" * 400, "y" * 5000)


def test_discord_takes_every_form():
    for form in forms():
        check_modal(modal(degrade(OpenForm(form), CAPABILITIES).form))
