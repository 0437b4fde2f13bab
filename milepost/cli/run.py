"""``milepost run`` and ``milepost demo``."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Annotated, cast

import typer
from filelock import FileLock, Timeout

import adapters
from bot.chat.adapter import Adapter
from bot.chat.clock import Clock, SystemClock
from bot.chat.configuration import elsewhere
from bot.chat.platform import Platform
from bot.errors import SetupError
from bot.library import Library
from bot.ports import Database
from bot.toolkit.terminal import plain_line
from bot.worker.scheduler import Scheduler
from milepost.bootstrap import build, make_folder, ticking, tune_gc
from milepost.cli.output import say
from milepost.demo import DemoAdapter, DemoClock, DemoPlatform, found_group
from milepost.event_loop import serve_on_loop
from milepost.logs import configure
from milepost.settings import ProgramSettings, load_settings

log = logging.getLogger(__name__)

DEMO_PLATFORM = "playground"


def run(
    shards: Annotated[
        str, typer.Option(help="Which of a platform's shards to run here, such as 0-3/16.")
    ] = "",
) -> None:
    """Serve the study groups on every platform that is set up, until interrupted."""
    settings = core_settings()
    names = platform_names(settings)
    if shards:
        _share(names, shards)
    platforms = [adapters.load(name) for name in names]
    with alone(settings):
        serve_on_loop(_serve(settings, platforms))


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files.")] = Path("data/demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over, forgetting the last demo.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port of the page; 0 finds a free one."),
    ] = None,
) -> None:
    """Try Milepost on a local web page: no account, no token, and a clock that you can move on."""
    settings = core_settings().model_copy(update={"database_url": f"sqlite:///{folder / 'milepost.db'}"})
    with alone(settings, "run this one in another folder with --folder"):
        if fresh:
            forget(folder)
        serve_on_loop(_demonstrate(settings, folder, port, browser=browser))


def core_settings() -> ProgramSettings:
    """Return the settings, with those of every platform checked along. Raises SetupError.

    From here on every file that this process makes is its owner's alone: they hold private replies.
    """
    os.umask(0o077)
    kinds = [platform.Settings for platform in adapters.usable()]
    settings, *_ = load_settings(ProgramSettings, *kinds)
    assert isinstance(settings, ProgramSettings)
    configure(settings.log_level)
    return settings


def forget(folder: Path) -> None:
    """Delete the files of an earlier demonstration."""
    for pattern in ("milepost.db", "milepost.db-*", "*.jsonl"):
        for file in folder.glob(pattern):
            file.unlink()


def _share(names: list[str], shards: str) -> None:
    """Let the platforms that have connections to share know theirs. Raises SetupError."""
    sharing = [kind for name in names if "shards" in (kind := adapters.load(name).Settings).model_fields]
    if not sharing:
        raise SetupError(
            f"--shards is for platforms with several connections, and {', '.join(names)} has one."
        )
    for kind in sharing:
        os.environ[f"{kind.model_config['env_prefix']}SHARDS"] = shards
    core_settings()


def platform_names(settings: ProgramSettings) -> list[str]:
    """The adapters to run. Raises SetupError for one that does not exist, and for none at all."""
    names = dict.fromkeys(name.strip() for name in settings.platforms.split(",") if name.strip())
    if not names and settings.platforms:
        raise SetupError(
            f"MILEPOST_PLATFORMS doesn't name a platform. Choose from {', '.join(adapters.names())}."
        )
    for name in names:
        if name not in adapters.names():
            raise SetupError(
                f"MILEPOST_PLATFORMS: no platform {plain_line(name)}. "
                f"Choose from {', '.join(adapters.names())}."
            )
    return list(names) or platforms_set_up() or [DEMO_PLATFORM]


def platforms_set_up() -> list[str]:
    """Return the platforms whose settings hold what they need, such as a token."""
    return [platform.PLATFORM for platform in adapters.usable() if platform.Settings().set_up]


def addresses_elsewhere(platform: Platform) -> Iterator[str]:
    """A sentence for each address of a platform that isn't its official one: tokens are sent there."""
    for variable, address in elsewhere(platform.Settings()):
        yield f"{variable} sends requests, and the tokens in them, to {address}"


async def _serve(settings: ProgramSettings, platforms: Sequence[Platform]) -> None:
    clock = SystemClock()
    running = _built(platforms, clock)
    for platform in platforms:
        for told in addresses_elsewhere(platform):
            log.warning("%s: %s", platform.PLATFORM, told)
    async with build(settings, clock, running) as application, ticking(application, settings.tick_seconds):
        tune_gc()
        # Before the addresses are told: who reads them may ask for the end at once.
        stop = _on_interruption()
        for adapter in running:
            say(f"{adapter.platform}: {adapter.address}", whole=True)  # the key to the page may be in it
        await _wait_for(stop)


def _built(platforms: Sequence[Platform], clock: Clock) -> list[Adapter]:
    """The adapters, without one that lacks something. Raises SetupError when none is left."""
    made: list[Adapter] = []
    problems: list[SetupError] = []
    for platform in platforms:
        adapter = platform.build(platform.Settings(), clock)
        try:
            made.append(adapters.require_whole(platform.PLATFORM, adapter))
        except adapters.NotAPlatform as error:
            log.error("%s", error)  # noqa: TRY400 - there is nothing to trace
            problems.append(error)
    if not made:
        raise problems[0]
    return made


async def _demonstrate(settings: ProgramSettings, folder: Path, port: int | None, *, browser: bool) -> None:
    platform = cast("DemoPlatform", adapters.load(DEMO_PLATFORM))
    clock = DemoClock()
    given = {"folder": folder} if port is None else {"folder": folder, "port": port}
    chosen = platform.Settings().model_copy(update=given)
    adapter = cast("DemoAdapter", platform.build(chosen, clock, clock))

    async def prepare(database: Database, scheduler: Scheduler, library: Library) -> None:
        await clock.attach(database, scheduler)
        pack = min(library.packs)
        await found_group(database, pack, platform.DEMO_CHANNEL, platform.DEMO_ORGANISER, clock.now())

    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(build(settings, clock, [adapter], prepare=prepare))
        await stack.enter_async_context(ticking(application, settings.tick_seconds))
        await until_stopped(adapter, "Milepost is running.", browser=browser)


@contextmanager
def alone(
    settings: ProgramSettings, instead: str = "name another database in MILEPOST_DATABASE_URL"
) -> Iterator[None]:
    """Be the only Milepost on this file. Raises SetupError while another one serves it.

    ``instead`` says in that error how to run without stopping the other one.

    Two on one SQLite file would each believe in what they remember of it. The lock ends with the process. A
    server's database is for any number.
    """
    if settings.database_file is None:
        yield
        return
    make_folder(settings)
    path = Path(f"{settings.database_file}.lock")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except OSError as error:
        if isinstance(error, Timeout) and path.exists():
            raise SetupError(
                f"Another Milepost is already using {settings.database_file}. Stop it first, or {instead}."
            ) from None
        # Where the lock cannot be made, some systems only let the wait for it time out.
        raise SetupError(
            f"Nothing can be written in the folder {path.parent}: give this user write permission on it, "
            "or name another one."
        ) from None
    try:
        yield
    finally:
        lock.release()


async def until_stopped(adapter: DemoAdapter, told: str, *, browser: bool) -> None:
    """Tell where the page of a running adapter is, open it where there is a screen, and wait for Ctrl+C."""
    stop = _on_interruption()
    say(f"{told} Open this address. Ctrl+C stops it.")
    say(adapter.address, whole=True)
    tune_gc()
    if browser and _has_screen():
        webbrowser.open(adapter.address_for_browser)
    await _wait_for(stop)


def _has_screen() -> bool:
    """Tell whether a browser would have somewhere to open; a text browser would take the terminal."""
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _on_interruption() -> asyncio.Event:
    """Return an event that Ctrl+C or a request to terminate sets, from now on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _wait_for(stop: asyncio.Event) -> None:
    await stop.wait()
    say("Milepost is stopping.")
