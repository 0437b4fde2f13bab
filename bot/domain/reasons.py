"""Reasons as enumerations: their names are stored, and ``bot.views`` has the words for them."""

from __future__ import annotations

from enum import StrEnum


class PauseReason(StrEnum):
    """Reasons why a group is paused. GONE and REFUSED: posting failed that way too often in a row."""

    ORGANISER = "organiser"
    REMOVED = "removed"
    REFUSED = "refused"
    GONE = "gone"


class Fault(StrEnum):
    """Reasons why a post did not come, or has not come yet.

    The first three: an organiser did not want it any more. BUG to SILENT: trouble inside Milepost. TROUBLE
    to MALFORMED: the four kinds of DeliveryError. PACK_MISSING and CONTENT_MISSING: there was nothing to
    post.
    """

    SWITCHED_OFF = "switched_off"
    DATE_SKIPPED = "date_skipped"
    DAY_REMOVED = "day_removed"
    PAUSED = "paused"
    DOWN = "down"
    UNPLANNABLE = "unplannable"
    PACK_MISSING = "pack_missing"
    CONTENT_MISSING = "content_missing"
    BUG = "bug"
    NOT_RUNNING = "not_running"
    SILENT = "silent"
    TROUBLE = "trouble"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    MALFORMED = "malformed"


class Ending(StrEnum):
    """Reasons why a question closed before its time.

    REMOVED and RETIRED: it was taken out of its pack. CHANGED: it offers something else than when it was
    asked, such as one option less.
    """

    REMOVED = "removed"
    RETIRED = "retired"
    CHANGED = "changed"


class ChoiceReason(StrEnum):
    """Reasons why a post's content was chosen, with the numbers that belong to each.

    ROTATION: questions since its topic was last served (0: never), open topics, all topics. STOP: the stop
    on the roadmap, all stops. STEP: the step that the group is at. RECAP: none.
    """

    ROTATION = "rotation"
    STOP = "stop"
    STEP = "step"
    RECAP = "recap"


class Rung(StrEnum):
    """Recipients of a notice: the first who can be reached, in this order.

    ORGANISER set the group up. NAMED are those whom admins have named, MANAGERS those who manage the place
    on its platform. CHANNEL is the group's own.
    """

    ORGANISER = "organiser"
    NAMED = "named"
    MANAGERS = "managers"
    CHANNEL = "channel"


class NoticeKind(StrEnum):
    """Kinds of notice to an organiser, or to the group.

    MENTION_STOPPED and REWARD_STOPPED: whoever chose a role may not use it any more. KEY_CORRECTED: for the
    group itself, that a question's answers were graded again. WRITTEN: a sentence of a Milepost that stored
    sentences.
    """

    FAILED = "failed"
    FAILED_BY_HAND = "failed_by_hand"
    PAUSED = "paused"
    PAUSE_UNENDED = "pause_unended"
    REWARD_FAILED = "reward_failed"
    MENTION_STOPPED = "mention_stopped"
    REWARD_STOPPED = "reward_stopped"
    KEY_CORRECTED = "key_corrected"
    WRITTEN = "written"
