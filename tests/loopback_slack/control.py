"""Driving the server from another process, over HTTP: JSON in, JSON out.

Workspaces, channels, people, messages (``C…/ts``), views and interactions are named by their ids.
``POST /control/<verb>``:

- ``rules`` {field: value}; ``team`` {name}; ``channel`` {team, name, private, bot}; ``member`` {name, team,
  tz, admin}; ``group`` {team, handle}
- ``uses`` {person, channel, command, text}; ``presses`` {person, surface, button}; ``chooses`` {person,
  surface, menu, values}; ``types`` {person, surface, menu, text}; ``submits`` {person, view, values};
  ``replies`` {person, message, text}; ``says``, ``mentions`` {person, channel, text}; ``joins``,
  ``invites`` {person, channel}; ``opens_home`` {person}
- ``town`` {teams, members, channels}: so many workspaces with so many of these each, as a list of ids
- ``burst`` {presses: [[person, surface, button], ...], per_second}: at this pace, whether answered or not;
  answers when all are, with each press's seconds to the acknowledgement (null: failed)
- ``crowd`` {people: {person: [[surface, button], ...]}}: everybody at once, each one press after another;
  answers like ``burst``
- ``sockets`` {verb: disconnect | drop, ...}; ``send_to`` {url}; ``fault`` {fields of Fault}; ``forget`` {}

``GET /control/state`` has the counts and the seconds of processor time of this process,
``GET /control/messages/<channel>`` what stands in a channel, ``GET /control/calls`` the record.
"""

import asyncio
import dataclasses
import json
import time

from aiohttp import web

from tests.loopback_slack import payloads
from tests.loopback_slack.filling import Cannot

MAKES = ("team", "channel", "member", "group", "town")
HANDS = (
    "uses",
    "presses",
    "chooses",
    "types",
    "submits",
    "replies",
    "says",
    "opens_home",
    "mentions",
    "joins",
    "invites",
)
REST = ("rules", "burst", "crowd", "sockets", "send_to", "fault", "forget")


class Control:
    """The handles of LoopbackSlack behind HTTP."""

    def __init__(self, server):
        self._server = server
        self._people = {}

    def add_to(self, app):
        """Put the routes into the application."""
        app.router.add_post("/control/{verb}", self.serve)
        app.router.add_get("/control/state", self.state)
        app.router.add_get("/control/calls", self.calls)
        app.router.add_get("/control/messages/{channel}", self.messages)

    async def serve(self, request):
        """One verb; 400 with the reason when a person cannot do that."""
        verb, told = request.match_info["verb"], await request.json()
        if verb not in (*MAKES, *HANDS, *REST):
            return _json({"error": f"no verb {verb}"}, 404)
        try:
            if verb in HANDS:
                return _json(_outcome(await self._hand(verb, **told)))
            return _json(await getattr(self, f"_{verb}")(**told))
        except (Cannot, KeyError, TypeError) as problem:
            return _json({"error": f"{type(problem).__name__}: {problem}"}, 400)

    async def state(self, request):
        server = self._server
        return _json({
            "counts": server.counts(), "too_many": server.too_many, "late": len(server.late),
            "refused": [dataclasses.asdict(refusal) for refusal in server.refused[:50]],
            "refusals": len(server.refused), "interactions": len(server.interactions),
            "crashes": [repr(error) for error in server.crashes], "sockets": len(server.sockets.open),
            "hellos": server.sockets.hellos, "processor": time.process_time(),
        })  # fmt: skip

    async def calls(self, request):
        return _json([
            {"at": c.at, "method": c.method, "team": c.team, "status": c.status, "error": c.error,
             "seconds": c.seconds} for c in self._server.calls
        ])  # fmt: skip

    async def messages(self, request):
        channel = self._channel_at(request.match_info["channel"])
        return _json([_message(message) for message in self._server.messages(channel)])

    async def _rules(self, **fields):
        for name, value in fields.items():
            if not hasattr(self._server.rules, name):
                raise KeyError(name)
            setattr(self._server.rules, name, value)
        return {}

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

    async def _town(self, teams, members, channels=1):
        return [await self._village(f"Team {n}", members, channels) for n in range(teams)]

    async def _village(self, name, members, channels):
        made = await self._team(name)
        places = [(await self._channel(made["id"], f"study-{n}"))["id"] for n in range(channels)]
        people = [(await self._member(f"Member {n}", made["id"]))["id"] for n in range(members)]
        return made | {"channels": places, "members": people, "channel": (places or [None])[0]}

    async def _hand(self, verb, person, values=None, **told):
        """A hand by its name; ids become what they stand for."""
        find = {"channel": self._channel_at, "surface": self._surface, "message": self._surface,
                "view": self._surface}  # fmt: skip
        given = {key: find[key](value) if key in find else value for key, value in told.items()}
        hand = getattr(self._people[person], verb)
        if verb == "chooses":
            return await hand(given["surface"], given["menu"], *values)
        return await hand(**given, **({} if values is None else {"values": values}))

    async def _burst(self, presses, per_second):
        targets = {surface: self._surface(surface) for _, surface, _ in presses}
        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        for number, (person, surface, button) in enumerate(presses):
            await asyncio.sleep(max(0, start + number / per_second - loop.time()))
            tasks.append(asyncio.create_task(self._people[person].presses(targets[surface], button)))
        done = await asyncio.gather(*tasks)
        return {"seconds": [_in_time(shown) for shown in done], "lasted": loop.time() - start}

    async def _crowd(self, people):
        named = {surface for presses in people.values() for surface, _ in presses}
        targets = {surface: self._surface(surface) for surface in named}

        async def one(person, presses):
            return [
                _in_time(await self._people[person].presses(targets[s], button)) for s, button in presses
            ]

        start = asyncio.get_running_loop().time()
        done = await asyncio.gather(*(one(person, presses) for person, presses in people.items()))
        lasted = asyncio.get_running_loop().time() - start
        return {"seconds": [seconds for each in done for seconds in each], "lasted": lasted}

    async def _sockets(self, verb, **told):
        if verb not in {"disconnect", "drop"}:
            raise KeyError(verb)
        await getattr(self._server.sockets, verb)(**told)
        return {}

    async def _send_to(self, url):
        self._server.http.send_to(url)
        return {}

    async def _fault(self, **described):
        self._server.faults.add(**described)
        return {}

    async def _forget(self):
        self._server.forget()
        return {}

    def _channel_at(self, name):
        for team in self._server.teams.values():
            if name in team.channels:
                return team.channels[name]
        raise KeyError(name)

    def _surface(self, name):
        """A message by ``channel/ts``, else a view by its id."""
        place, _, ts = name.partition("/")
        if ts:
            return self._channel_at(place).messages[ts]
        for team in self._server.teams.values():
            if name in team.views:
                return team.views[name]
        raise KeyError(name)


def _json(body, status=200):
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _in_time(interaction):
    return None if interaction.failed else interaction.seconds


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
