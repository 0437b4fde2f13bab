"""Driving the server from another process, over HTTP: JSON in, JSON out.

Workspaces, channels, people, messages (``C…/ts``), views and interactions are named by their ids.
``POST /control/<verb>``:

- what every server has, see ``tests/loopback/control.py``; a surface is a message or a view
- ``team`` {name}; ``channel`` {team, name, private, bot}; ``member`` {name, team,
  tz, admin}; ``group`` {team, handle}
- ``uses`` {person, channel, command, text}; ``presses`` {person, surface, button}; ``chooses`` {person,
  surface, menu, values}; ``types`` {person, surface, menu, text}; ``submits`` {person, view, values};
  ``replies`` {person, message, text}; ``says``, ``mentions`` {person, channel, text}; ``joins``,
  ``invites`` {person, channel}; ``opens_home`` {person}
- ``populate`` {teams, members, channels}: so many workspaces with so many of these each, as a list of ids
- ``sockets`` {verb: disconnect | drop, ...}; ``send_to`` {url}

``GET /control/calls`` has the record.
"""

from tests.loopback import control
from tests.loopback.control import as_json
from tests.loopback.slack import payloads

HANDS = (
    "uses", "presses", "chooses", "types", "submits", "replies", "says", "opens_home", "mentions", "joins",
    "invites",
)  # fmt: skip


class Control(control.Control):
    """The handles of LoopbackSlack behind HTTP."""

    own = ("team", "channel", "member", "group", "populate", "sockets", "send_to", *HANDS)

    def add_to(self, app):
        """Put the routes into the application."""
        super().add_to(app)
        app.router.add_get("/control/calls", self.calls)

    async def does(self, verb, told):
        """Do what a verb says and return the result."""
        if verb in HANDS:
            return _outcome(await self._hand(verb, **told))
        return await super().does(verb, told)

    def more(self):
        """State that only Slack has: open sockets and hellos."""
        sockets = self._server.sockets
        return {"sockets": len(sockets.open), "hellos": sockets.hellos}

    async def calls(self, request):
        return as_json([
            {"at": c.at, "method": c.method, "team": c.team, "status": c.status, "error": c.error,
             "seconds": c.seconds} for c in self._server.calls
        ])  # fmt: skip

    async def _team(self, name="Berlin"):
        team = self._server.team(name)
        return {"id": team.id, "token": team.token, "bot": team.bot.id}

    async def _channel(self, team, name="study", **how):
        return {"id": self._server.channel(self._server.teams[team], name, **how).id}

    async def _member(self, name, team, **how):
        person = self._server.member(name, self._server.teams[team], **how)
        self._people[person.id] = person
        return {"id": person.id, "inbox": person.inbox.id}

    async def _group(self, team, handle):
        return {"id": self._server.group(self._server.teams[team], handle).id}

    async def _populate(self, teams, members, channels=1):
        return [await self._village(f"Team {n}", members, channels) for n in range(teams)]

    async def _village(self, name, members, channels):
        made = await self._team(name)
        places = [(await self._channel(made["id"], f"study-{n}"))["id"] for n in range(channels)]
        people = [(await self._member(f"Member {n}", made["id"]))["id"] for n in range(members)]
        return made | {"channels": places, "members": people, "channel": (places or [None])[0]}

    async def _hand(self, verb, person, values=None, **told):
        """A hand by its name; ids become what they stand for."""
        find = {"channel": self.channel, "surface": self.surface, "message": self.surface,
                "view": self.surface}  # fmt: skip
        given = {key: find[key](value) if key in find else value for key, value in told.items()}
        hand = getattr(self._people[person], verb)
        if verb == "chooses":
            return await hand(given["surface"], given["menu"], *values)
        return await hand(**given, **({} if values is None else {"values": values}))

    async def _sockets(self, verb, **told):
        if verb not in {"disconnect", "drop"}:
            raise KeyError(verb)
        await getattr(self._server.sockets, verb)(**told)
        return {}

    async def _send_to(self, url):
        self._server.http.send_to(url)
        return {}

    def channel(self, name):
        """By its id. Raises KeyError."""
        for team in self._server.teams.values():
            if name in team.channels:
                return team.channels[name]
        raise KeyError(name)

    def surface(self, name):
        """A message by ``channel/ts``, else a view by its id."""
        place, _, ts = name.partition("/")
        if ts:
            return self.channel(place).messages[ts]
        for team in self._server.teams.values():
            if name in team.views:
                return team.views[name]
        raise KeyError(name)

    @staticmethod
    def told(message):
        """A message, and what a person sees of it."""
        return _message(message)


def _message(message):
    told = {"surface": f"{message.channel.id}/{message.ts}", "words": message.text, "only": message.only}
    return payloads.message(message, metadata=True) | told | {"edits": len(message.edits)}


def _outcome(interaction):
    view = interaction.view or interaction.home
    return {
        "interaction": interaction.id, "seconds": interaction.seconds, "failed": interaction.failed,
        "ephemeral": interaction.ephemeral, "text": interaction.text, "errors": interaction.errors,
        "options": interaction.options, "view": payloads.view(view) if view else None,
        "message": _message(interaction.message) if interaction.message else None,
        "updates": len(interaction.updates), "posts": len(interaction.posts),
        "ephemerals": len(interaction.ephemerals),
    }  # fmt: skip
