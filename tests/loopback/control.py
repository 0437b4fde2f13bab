"""Driving a loopback server from another process, over HTTP: JSON in, JSON out.

``POST /control/<verb>``, for every server:

- ``rules`` {field: value}; ``fault`` {fields of Fault}; ``forget`` {}
- ``burst`` {presses: [[person, surface, button], ...], per_second}: at this pace, whether answered or not;
  answers when all are, with each press's seconds to the acknowledgement (null: failed)
- ``press_all`` {people: {person: [[surface, button], ...]}}: all at once, each one press after another;
  answers like ``burst``

A surface is a message, or what else has buttons. ``GET /control/state`` has the counts and the seconds of
processor time of this process, ``GET /control/messages/<channel>`` what stands in a channel, and with
``?newest=<number>`` the newest of it that everybody sees, the newest first.
"""

import asyncio
import dataclasses
import itertools
import json
import time

from aiohttp import web

from tests.loopback.cannot import Cannot


class Control:
    """The handles of a server behind HTTP; the method ``_verb`` serves a verb.

    A server's own control names its further verbs in ``own``, and has ``surface(name)``, ``channel(name)``,
    ``told(message)`` and ``more()``, its part of the state.
    """

    own = ()
    verbs = ("rules", "fault", "forget", "burst", "press_all")

    def __init__(self, server):
        self._server = server
        self._people = {}

    def add_to(self, app):
        """Put the routes into the application."""
        app.router.add_post("/control/{verb}", self.serve)
        app.router.add_get("/control/state", self.state)
        app.router.add_get("/control/messages/{channel}", self.messages)

    async def serve(self, request):
        """One verb; 400 with the reason when a person cannot do that."""
        verb, told = request.match_info["verb"], await request.json()
        if verb not in (*self.verbs, *self.own):
            return as_json({"error": f"no verb {verb}"}, 404)
        try:
            return as_json(await self.does(verb, told))
        except (Cannot, KeyError, TypeError) as problem:
            return as_json({"error": f"{type(problem).__name__}: {problem}"}, 400)

    async def does(self, verb, told):
        """Do what a verb says and return the result."""
        return await getattr(self, f"_{verb}")(**told)

    async def state(self, request):
        server = self._server
        return as_json({
            "counts": server.counts(), "too_many": server.too_many, "late": len(server.late),
            "refused": [dataclasses.asdict(refusal) for refusal in server.refused[:50]],
            "refusals": len(server.refused), "interactions": len(server.interactions),
            "crashes": [repr(error) for error in server.crashes], "processor": time.process_time(),
            **self.more(),
        })  # fmt: skip

    async def messages(self, request):
        messages = self._server.messages(self.channel(request.match_info["channel"]))
        if not (newest := int(request.query.get("newest", 0))):
            return as_json([self.told(message) for message in messages])
        public = (told for told in map(self.told, reversed(messages)) if told["only"] is None)
        return as_json(list(itertools.islice(public, newest)))

    async def _rules(self, **fields):
        for name, value in fields.items():
            if not hasattr(self._server.rules, name):
                raise KeyError(name)
            setattr(self._server.rules, name, value)
        return {}

    async def _fault(self, **described):
        self._server.faults.add(**described)
        return {}

    async def _forget(self):
        self._server.forget()
        return {}

    async def _burst(self, presses, per_second):
        targets = {surface: self.surface(surface) for _, surface, _ in presses}
        loop = asyncio.get_running_loop()
        start, tasks = loop.time(), []
        for number, (person, surface, button) in enumerate(presses):
            await asyncio.sleep(max(0, start + number / per_second - loop.time()))
            tasks.append(asyncio.create_task(self._people[person].presses(targets[surface], button)))
        done = await asyncio.gather(*tasks)
        return {"seconds": [_in_time(shown) for shown in done], "lasted": loop.time() - start}

    async def _press_all(self, people):
        named = {surface for presses in people.values() for surface, _ in presses}
        targets = {surface: self.surface(surface) for surface in named}

        async def one(person, presses):
            return [
                _in_time(await self._people[person].presses(targets[surface], button))
                for surface, button in presses
            ]

        start = asyncio.get_running_loop().time()
        done = await asyncio.gather(*(one(person, presses) for person, presses in people.items()))
        lasted = asyncio.get_running_loop().time() - start
        return {"seconds": [seconds for each in done for seconds in each], "lasted": lasted}


def as_json(body, status=200):
    """A body for aiohttp."""
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _in_time(interaction):
    return None if interaction.failed else interaction.seconds
