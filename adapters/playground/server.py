"""The routes of the page. Every refusal and fault reaches the person as one sentence."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlencode

from aiohttp import web

from adapters.playground import inbound, outbound, palette
from adapters.playground.auth import HEADERS, Auth, Refused
from adapters.playground.chat_store import ChatStore, Draft
from adapters.playground.config import CAPABILITIES, Person, PlaygroundConfig, channel_ref, user_ref
from adapters.playground.event_stream import EventStreams
from adapters.playground.inbound import BadRequest, Body, Chat
from adapters.playground.replies import apply_reply, may_press
from bot.chat import (
    AdjustableClock,
    App,
    Choice,
    Clock,
    Command,
    CommandInvoked,
    CommandOption,
    FormErrors,
    Interaction,
    Origin,
    ParseError,
    ReplyReceived,
    UserRef,
    looks_like_answer,
)
from bot.toolkit.http_server import body_of
from bot.toolkit.limits import BoundedDict

STATIC = Path(__file__).parent / "static"
_ENTER, _FOR_BARE_PAGES = "/enter", "/static/"
_STEPS = {"next", "day", "week"}
_SKIPS_KEPT = 100
_SENTENCES = {
    404: "There's nothing at this address.",
    400: "That request couldn't be read. Please reload the page.",
    405: "This address can't be used that way.",
    408: "That request arrived too slowly. Please try again.",
    413: f"That's too large. Send up to {inbound.MOST_BYTES // 1024} KiB.",
}

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """The page of one room. Without ``demo_clock`` it has no clock controls."""

    def __init__(
        self,
        config: PlaygroundConfig,
        store: ChatStore,
        app: App,
        clock: Clock,
        auth: Auth,
        *,
        demo_clock: AdjustableClock | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._app = app
        self._commands = app.commands_for(CAPABILITIES)
        self._clock = clock
        self._auth = auth
        self._demo_clock = demo_clock
        self._streams = EventStreams(store, config, demo_clock)
        self._skipping = asyncio.Lock()
        self._skipped: BoundedDict[str, dt.datetime] = BoundedDict(_SKIPS_KEPT)

    def application(self) -> web.Application:
        """The routes as an aiohttp application."""
        web_app = web.Application(
            middlewares=[self._tell_faults, self._guard], client_max_size=inbound.MOST_BYTES
        )
        web_app.add_routes(
            [
                web.get("/", self._page),
                web.get("/events", self._events),
                web.get("/earlier", self._earlier),
                web.get("/suggest", self._suggest),
                web.get("/complete", self._complete),
                web.post(_ENTER, self._enter),
                web.post("/say", self._say),
                web.post("/press", self._press),
                web.post("/form", self._form),
                web.post("/dismiss", self._dismiss),
                web.post("/clock", self._skip),
                web.static("/static", STATIC),
            ]
        )
        web_app.on_response_prepare.append(_add_headers)
        web_app.on_shutdown.append(self._end_streams)
        return web_app

    async def _page(self, request: web.Request) -> web.StreamResponse:
        person = self._config.person(request.query.get("as", ""))
        if person is None:
            raise web.HTTPFound(f"/?{urlencode({'as': self._config.people[0].id})}")
        html = outbound.page(
            "page.html",
            config=self._config,
            person=person,
            demo=self._demo_clock is not None,
            can_set_up=any(command.name == "study setup" for command in self._commands),
        )
        return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _enter(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        key = self._auth.key_for(body.text("code"), inbound.event_in(body))
        return web.json_response({"key": key}, headers={"Cache-Control": "no-store"})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await self._streams.serve(request, self._asked_by(request))

    async def _earlier(self, request: web.Request) -> web.Response:
        person, before = self._asked_by(request), request.query.get("before", "")
        asked = Body({"channel": request.query.get("channel", "")})
        channel = inbound.channel_of(asked, person, self._config)
        if not (before.isascii() and before.isdigit() and len(before) < 16):
            raise BadRequest("There are no earlier messages. Please reload the page.")
        self._count_act(user_ref(person.id))
        return web.json_response(await self._streams.earlier(person, channel, int(before)))

    async def _suggest(self, request: web.Request) -> web.Response:
        person, text = self._asked_by(request), request.query.get("text", "")
        channel = request.query.get("channel", "")
        if len(text) > inbound.MOST_TEXT or not self._config.has_channel(channel):
            raise BadRequest("No suggestions for that.")

        async def complete(command: Command, option: CommandOption, typed: str) -> tuple[Choice, ...]:
            where, who = channel_ref(channel), user_ref(person.id)
            return await self._app.complete(command.name, option.name, typed, where, who)

        offer = await palette.offer(text, person, self._commands, self._config.people, complete)
        return web.json_response(asdict(offer))

    async def _complete(self, request: web.Request) -> web.Response:
        """Suggestions for a field of a form, which names the command and the option that it is like."""
        asked, person = Body(dict(request.query)), self._asked_by(request)
        where = channel_ref(inbound.channel_of(asked, person, self._config))
        command, option, text = (asked.text(name) for name in ("command", "option", "text"))
        found = await self._app.complete(command, option, text, where, user_ref(person.id))
        return web.json_response({"choices": [asdict(choice) for choice in found]})

    async def _say(self, request: web.Request) -> web.Response:
        body, origin = await self._body(request)
        try:
            said = inbound.said(body, origin, self._commands, self._config)
        except ParseError as error:
            raise ParseError(self._app.too_fast(origin.user) or str(error)) from None
        if not isinstance(said, CommandInvoked):
            self._count_act(origin.user)
            self._post_words(origin, said.text)
        if not isinstance(said, Chat):
            return await self._serve(said)
        meant = looks_like_answer(said.text)
        return await self._serve(ReplyReceived(origin, said.text)) if meant else web.json_response({})

    async def _press(self, request: web.Request) -> web.Response:
        body, origin = await self._body(request)
        press = inbound.pressed(body, origin)
        entry = self._store.visible(body.text("message"), origin.user.id)
        if entry is None or not may_press(press, entry):
            raise Refused(409, "That message has changed. Please reload the page.")
        return await self._serve(press)

    async def _form(self, request: web.Request) -> web.Response:
        # The message that the form came from may have been dismissed while it was filled in.
        body, origin = await self._body(request, message_may_be_gone=True)
        return await self._serve(inbound.form_sent(body, origin))

    async def _dismiss(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        person = inbound.person_of(body, self._config)
        self._count_act(user_ref(person.id))
        try:
            self._store.dismiss(body.text("message"), person.id)
        except LookupError as error:
            raise Refused(404, "That message is no longer here.") from error
        return web.json_response({})

    async def _skip(self, request: web.Request) -> web.Response:
        if self._demo_clock is None:
            raise Refused(404, "Only the demo's clock can be moved forward.")
        body = await self._read(request)
        event, step = inbound.event_of(body, inbound.person_of(body, self._config)), body.text("step")
        if step not in _STEPS:
            raise BadRequest("The clock can move to the next post, by a day, or by a week.")
        async with self._skipping:
            # A request that is sent again waits for the first, and gets its answer.
            if event not in self._skipped:
                skip = self._demo_clock.skip(cast('Literal["next", "day", "week"]', step))
                self._skipped[event] = await skip
            now = self._skipped[event]
        self._store.notify()
        return web.json_response({"now": now.isoformat()})

    async def _serve(self, interaction: Interaction) -> web.Response:
        reply = await self._app.handle(interaction, CAPABILITIES)
        if isinstance(reply, FormErrors) and reply.errors.keys() == {""}:
            # Of the form as a whole: the page says it above the fields, and leaves them as they are.
            return web.json_response({"error": reply.errors[""]}, status=422)
        answer = apply_reply(reply, interaction, self._store)
        form = outbound.form_html(answer.form, answer.errors) if answer.form else None
        return web.json_response({"form": form})

    def _count_act(self, user: UserRef) -> None:
        """Count what the core is not asked for, such as talk. Raises Refused for one too many."""
        if slowly := self._app.too_fast(user):
            raise Refused(429, slowly)

    def _post_words(self, origin: Origin, text: str) -> None:
        self._store.post(
            Draft(
                channel=origin.channel.id,
                author=origin.user.id,
                text=text,
                only_for=origin.user.id if origin.channel.direct else "",
                reply_to=origin.message.id if origin.message else "",
                key=f"words:{origin.event_id}",
            )
        )

    async def _read(self, request: web.Request) -> Body:
        return Body.parse(await body_of(request))

    async def _body(
        self, request: web.Request, *, message_may_be_gone: bool = False
    ) -> tuple[Body, Origin]:
        now = self._clock.now()
        body = await self._read(request)
        origin = inbound.origin_of(body, self._config, now)
        if origin.message and not self._is_there(origin, origin.message.id):
            if not message_may_be_gone:
                raise Refused(404, "That message is no longer here.")
            origin = replace(origin, message=None)
        return body, origin

    def _is_there(self, origin: Origin, message: str) -> bool:
        """Return True for a message of Milepost's, in this channel, that this person may see."""
        entry = self._store.visible(message, origin.user.id)
        return entry is not None and entry.channel == origin.channel.id and entry.message is not None

    def _asked_by(self, request: web.Request) -> Person:
        return inbound.person_of(Body({"as": request.query.get("as", "")}), self._config)

    async def _end_streams(self, _app: web.Application) -> None:
        self._streams.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._auth.check_host(request)
        opening = request.method == "GET" and request.path == "/"
        if opening and (self._auth.has_token(request) or self._auth.take_code(request)):
            return self._exchange(request)
        self._auth.check_cookie(request)
        if request.method not in {"GET", "HEAD"}:
            self._auth.check_change(request)
        if request.path not in {"/", _ENTER} and not request.path.startswith(_FOR_BARE_PAGES):
            self._auth.check_key(request)
        return await handler(request)

    def _exchange(self, request: web.Request) -> web.Response:
        """Take the token or code out of the address, so that it stays in no history."""
        rest = {name: value for name, value in request.query.items() if name not in {"token", "once"}}
        return self._auth.admit(f"/?{urlencode(rest)}" if rest else "/")

    @web.middleware
    async def _tell_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return _told(request, refused.status, str(refused))
        except BadRequest as error:
            return _told(request, 400, str(error))
        except ParseError as error:
            return _told(request, 422, str(error))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _told(request, error.status, _SENTENCES.get(error.status, error.reason))
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("reference %s: %s %s failed", reference, request.method, request.path)
            sentence = f"Something went wrong here (reference {reference}). Please try again."
            return _told(request, 500, sentence)


def _told(request: web.Request, status: int, sentence: str) -> web.Response:
    if "text/html" in request.headers.get("Accept", ""):
        html = outbound.page("refused.html", sentence=sentence)
        return web.Response(status=status, text=html, content_type="text/html")
    return web.json_response({"error": sentence}, status=status)


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
