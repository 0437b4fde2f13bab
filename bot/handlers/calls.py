"""Calls: one interaction with the route that serves it, and the rights that the route needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.chat.action_ids import ActionId
from bot.chat.events import Origin
from bot.domain.refs import ChannelRef
from bot.domain.role_use import Denial
from bot.errors import UserError
from bot.ports import UnitOfWork
from bot.routing import Route, Writes
from bot.services.permissions import may_organise

ORGANISERS_ONLY = "Only organisers can do that here."
FOR_MEMBERS = {"study status": " To see what comes next, use /next."}
"""Hints for members who use an organiser's command, by its name."""


@dataclass(frozen=True, slots=True)
class Call:
    """An interaction with the route that serves it and what the route is given.

    ``signed`` is False for an id without a signature, which only messages of before may have.
    ``invalid_options`` has a sentence for each option that is of no use.
    """

    origin: Origin
    route: Route
    action: ActionId
    values: dict[str, str] = field(default_factory=dict)
    choice: tuple[str, ...] = ()
    text: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, ChannelRef] = field(default_factory=dict)
    denials: Mapping[str, Denial] = field(default_factory=dict)
    invalid_options: Mapping[str, str] = field(default_factory=dict)
    signed: bool = True

    @property
    def writes(self) -> bool:
        """Tell whether the handler may write.

        ``WITH_OPTIONS`` is for commands: an action has parameters.
        """
        writes = self.route.writes
        return writes is Writes.ALWAYS or (writes is Writes.WITH_OPTIONS and bool(self.action.params))


async def require_right(unit: UnitOfWork, call: Call) -> None:
    """Raise UserError for a route that the person may not use."""
    if call.route.organiser_only and not await may_organise(unit, call.origin):
        raise UserError(call.origin.doubt or ORGANISERS_ONLY + FOR_MEMBERS.get(call.route.name, ""))
