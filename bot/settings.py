"""Settings of the core, as plain values with their limits; ``milepost/settings.py`` reads them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Settings of the core: planning, sending, counting, retention. Operators read the descriptions."""

    model_config = ConfigDict(frozen=True)

    tick_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        2.0, description="How often to look for posts that are due."
    )
    plan_batch: Annotated[int, Field(ge=1, le=10_000)] = Field(
        200, description="Most schedules planned in one transaction."
    )
    send_at_once: Annotated[int, Field(ge=1, le=1000)] = Field(
        20, description="Most posts sent at the same time."
    )
    lease_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        60.0, description="After this time, a post whose sender died is taken over by another."
    )
    pass_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        2.0, description="How long to wait for a slow post before starting the next ones."
    )
    send_attempts: Annotated[int, Field(ge=1, le=1000)] = Field(
        12,
        description="Attempts, over about half an hour, before a failing post is given up and reported.",
    )
    refusals_before_pause: Annotated[int, Field(ge=1, le=1000)] = Field(
        3, description="Refused posts in a row before a group is paused and its organiser is told."
    )
    ask_again_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        60, description="Requests for a post of one kind within this time count as one; 0 for never."
    )
    rollover: str = Field(
        "03:00",
        description="The hour at which a member's day ends.",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
    )
    event_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        7, description="Days for which a repeated event is recognised."
    )
    keep_shared_days: Annotated[int, Field(ge=0, le=36500)] = Field(
        730, description="Days after which shared projects, with their links, are deleted; 0 for never."
    )
    keep_idle_days: Annotated[int, Field(ge=0, le=36500)] = Field(
        0, description="Days without any activity after which a member is forgotten; 0 for never."
    )
    keep_removed_days: Annotated[int, Field(ge=0, le=36500)] = Field(
        90,
        description="Days after a server or team removed Milepost until its members are forgotten; "
        "0 for never.",
    )
    leaderboard_size: Annotated[int, Field(ge=3, le=25)] = Field(10, description="Rows of a leaderboard.")
    max_reply_length: Annotated[int, Field(ge=100, le=4000)] = Field(
        2000, description="Longest text that a member may send, in characters."
    )
