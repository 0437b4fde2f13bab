"""The composition root: settings in, a whole Milepost out. Nothing else knows every part."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.allowance import Allowance
from bot.app import Milepost
from bot.chat.action_ids import Signer
from bot.chat.adapter import Adapter
from bot.chat.clock import Clock
from bot.errors import SetupError
from bot.handlers import all_routes
from bot.library import Installed, Library
from bot.ports import Database
from bot.services.signing_key import open_signer
from bot.services.zone_rules import follow_zone_rules
from bot.worker.outbox import Outbox
from bot.worker.periodic import PeriodicRunner
from bot.worker.presence import Presence
from bot.worker.scheduler import Scheduler
from bot.worker.senders import all_senders
from bot.worker.senders.sender import Context
from milepost.packs import PackReader
from milepost.settings import ProgramSettings
from storage import open_database
from storage.backup import require_whole

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Time between two looks at the files of the packs."""

GARBAGE = 10_000
"""New objects after which the garbage collector runs."""


@dataclass(frozen=True, slots=True)
class Application:
    """Every part of a Milepost that is put together but whose scheduler does not run yet."""

    app: Milepost
    database: Database
    installed: Installed
    packs: PackReader | None
    scheduler: Scheduler
    adapters: Mapping[str, Adapter]
    signer: Signer


def make_folder(settings: ProgramSettings) -> None:
    """Make the folder that a database file goes into. Raises SetupError."""
    if settings.database_file is None:
        return
    folder = settings.database_file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"The folder {folder} cannot be made: {error.strerror}.") from None


def prepare_file(settings: ProgramSettings) -> None:
    """See that a database file can be opened, or made. Raises SetupError."""
    make_folder(settings)
    if settings.database_file is not None:
        require_whole(settings.database_file)


Prepare = Callable[[Database, Scheduler, Library], Awaitable[None]]
Open = Callable[[ProgramSettings], Awaitable[Database]]


async def nothing_to_prepare(_database: Database, _scheduler: Scheduler, _library: Library) -> None:
    """Prepare nothing: the preparation of an application that needs none before its platforms start."""


async def open_chosen(settings: ProgramSettings) -> Database:
    """Open the database that the settings name. Raises SetupError or a StorageError."""
    prepare_file(settings)
    return await open_database(
        settings.database_url,
        busy_timeout=settings.database_busy_seconds,
        answer_timeout=settings.database_answer_seconds,
        group_size=settings.commit_group_size,
        password=settings.database_password,
    )


@asynccontextmanager
async def build(
    settings: ProgramSettings,
    clock: Clock,
    adapters: Sequence[Adapter],
    library: Library | None = None,
    prepare: Prepare = nothing_to_prepare,
    opens: Open = open_chosen,
    allowance: Allowance | None = None,
) -> AsyncIterator[Application]:
    """Open the database, prepare, start the adapters; all is closed in the reverse order on leaving.

    ``library`` is served as it is where it is given; else the packs of the settings are, and read again
    when they change. ``allowance`` is what a person may do in a time, where it is not the usual.
    """
    async with AsyncExitStack() as stack:
        database = await opens(settings)
        stack.push_async_callback(database.close)
        packs, installed = _packs(settings, library)
        by_name = {adapter.platform: adapter for adapter in adapters}
        signer = await open_signer(database, clock.now())
        context = Context.build(database, installed, settings, by_name, clock, signer)
        outbox, presence = Outbox(context, all_senders(context)), Presence(context)
        scheduler = Scheduler(context, outbox, presence)
        app = Milepost(database, installed, settings, all_routes(), clock, signer, allowance)
        app.whereabouts = presence.whereabouts
        await prepare(database, scheduler, installed.library)
        await follow_zone_rules(database, clock.now())
        for adapter in adapters:
            stack.push_async_callback(adapter.stop)
            await _start(adapter, app)
        stack.push_async_callback(presence.finish)
        stack.push_async_callback(outbox.finish)
        if packs:
            packs.changed = scheduler.packs_changed
        yield Application(app, database, installed, packs, scheduler, by_name, signer)


def _packs(settings: ProgramSettings, library: Library | None) -> tuple[PackReader | None, Installed]:
    """Return what is served: the ``library``, or the packs of the settings with who reads them again."""
    if library is not None:
        return None, Installed(library)
    packs = PackReader(settings)
    return packs, packs.installed


async def _start(adapter: Adapter, app: Milepost) -> None:
    """Start an adapter. Raises SetupError when the system refuses something, such as a port in use."""
    try:
        await adapter.start(app)
    except OSError as error:
        raise SetupError(f"{adapter.platform}: {error.strerror or error}") from error


def tune_gc() -> None:
    """Freeze what was made up to now, so that the garbage collector passes it over from now on.

    Packs, routes and statements stay anyway; looking through them took 0.1 s in which nobody was answered.
    Its rounds become rarer too: one after 700 new objects, as Python does it, comes after every few clicks.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


@asynccontextmanager
async def ticking(application: Application, tick_seconds: float) -> AsyncIterator[None]:
    """Run the scheduler now, regularly, and after each interaction that was served."""
    runner = PeriodicRunner(application.scheduler, tick_seconds)
    application.app.served = runner.wake
    if application.packs:
        runner.every(application.packs.look, seconds=LOOK_SECONDS)
    await runner.start()
    try:
        yield
    finally:
        await runner.stop()
