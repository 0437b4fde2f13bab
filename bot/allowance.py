"""Rate limits of a person, so that nobody can stop Milepost for others; in memory, per process.

Asked before the database. Whoever takes part as people do never meets it: answering, practising and reading
takes seconds each, and suggestions and talk are counted apart from other acts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.events import FormSubmitted, HomeOpened, Interaction
from bot.chat.messages import Field, Form
from bot.chat.replies import FormErrors, NoReply, Reply, Send
from bot.domain.refs import UserRef
from bot.toolkit.limits import Rate, RateLimiter
from bot.views.common import text_message, wait_of

AT_ONCE = 20
"""Acts without a pause. A second tap, or an impatient reader of a long list, stays far below."""

A_DAY = 2000
"""Acts in a row on one day, and again each day: ten hours of practice at three acts a minute. What a member
may add to the database on a day is this many times the largest row (docs/operators.md)."""

SUGGESTIONS = Rate(40, 0.2)
"""Rate of suggestions. A letter typed is a request: ten letters a second for eight seconds."""

TALK = Rate(60, 1.0)
"""Rate of messages in threads, before it is known whether the thread is of a post of ours."""

AGAIN = 5
"""Acts that are possible again when somebody comes back at the time that they were told."""

_DAY = 24 * 60 * 60


def _acts() -> RateLimiter[UserRef]:
    return RateLimiter(Rate(AT_ONCE, 1.0), Rate(A_DAY, _DAY / A_DAY))


@dataclass(frozen=True, slots=True)
class Allowance:
    """A rate limiter for each kind of thing that people do, by account."""

    acts: RateLimiter[UserRef] = field(default_factory=_acts)
    suggestions: RateLimiter[UserRef] = field(default_factory=lambda: RateLimiter(SUGGESTIONS))
    talk: RateLimiter[UserRef] = field(default_factory=lambda: RateLimiter(TALK))

    def refusal(self, interaction: Interaction, now: float) -> Reply | None:
        """Count an act; return the reply to one too many, None for all others.

        A member's page stays as it is, and a form stays open, or its words are shown where it cannot.
        """
        seconds = self.acts.take(interaction.origin.user, now, AGAIN)
        if not seconds:
            return None
        sentence = slowly(seconds)
        match interaction:
            case HomeOpened():
                return NoReply()
            case FormSubmitted(_, action, values) if values:
                fields = tuple(Field(name, name.capitalize(), value) for name, value in values.items())
                return FormErrors(Form(sentence, action, fields), {"": sentence})
        return Send(text_message(sentence))

    def too_fast(self, user: UserRef, now: float) -> str:
        """Count an act; return the sentence for one too many, an empty text for all others."""
        seconds = self.acts.take(user, now, AGAIN)
        return slowly(seconds) if seconds else ""


def slowly(seconds: float) -> str:
    """Return the sentence for somebody who was too fast; ``seconds`` until they may go on."""
    return f"Slowly, please. Try again in {wait_of(seconds)}."


def unlimited() -> Allowance:
    """Return an allowance without limits, for measurements and tests."""
    without = Rate(1_000_000_000, 0.0)
    return Allowance(RateLimiter(without), RateLimiter(without), RateLimiter(without))
