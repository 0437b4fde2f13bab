"""``milepost content preview``: a pack on a local page, which follows its files."""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, cast

import typer

import adapters
from bot.errors import SetupError
from bot.library import Library
from bot.ports import Database
from bot.worker.scheduler import Scheduler
from content.checks.schema import nearest
from content.model import Pack
from milepost.bootstrap import build, ticking
from milepost.cli.pack_folder import loaded
from milepost.cli.run import DEMO_PLATFORM, core_settings, until_stopped
from milepost.demo import DemoAdapter, DemoClock, DemoPlatform, found_group
from milepost.event_loop import serve_on_loop
from milepost.preview import Preview, following
from milepost.settings import ProgramSettings


def preview(
    folder: Annotated[Path, typer.Argument(help="The pack's folder.")] = Path(),
    question: Annotated[str, typer.Option(help="Show this question whole, by its id.")] = "",
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 finds a free one.")] = 0,
) -> None:
    """Show a pack as members will see it, on a local page that follows every save. Nothing is kept."""
    pack = _loaded(folder, question)
    folder = folder.resolve()
    settings = core_settings()
    with tempfile.TemporaryDirectory(prefix="milepost-preview-") as place:
        database = f"sqlite:///{Path(place) / 'milepost.db'}"
        own = settings.model_copy(update={"database_url": database, "packs_folder": None})
        serve_on_loop(_show(own, pack, folder, question, Path(place), port, browser=browser))


def _loaded(folder: Path, question: str) -> Pack:
    """Return the pack. Raises SetupError where it isn't whole, or hasn't the question."""
    pack = loaded(folder, needs_lock=False)
    if question and pack.question(question) is None:
        known = [each.id for found in pack.questions.values() for each in found]
        hint = nearest(question, known) or "Find its id in the questions folder."
        raise SetupError(f"The pack has no question {question}. {hint}")
    return pack


async def _show(
    settings: ProgramSettings,
    pack: Pack,
    folder: Path,
    question: str,
    place: Path,
    port: int,
    *,
    browser: bool,
) -> None:
    platform = cast("DemoPlatform", adapters.load(DEMO_PLATFORM))
    clock = DemoClock()
    chosen = platform.Settings().model_copy(update={"folder": place, "port": port})
    adapter = cast("DemoAdapter", platform.build(chosen, clock, clock))

    async def prepare(database: Database, scheduler: Scheduler, library: Library) -> None:
        await clock.attach(database, scheduler)
        if not question:
            channel, organiser = platform.DEMO_CHANNEL, platform.DEMO_ORGANISER
            await found_group(database, min(library.packs), channel, organiser, clock.now())

    async with AsyncExitStack() as stack:
        library = Library({pack.info.id: pack})
        application = await stack.enter_async_context(build(settings, clock, [adapter], library, prepare))
        shown = Preview(
            folder,
            application.installed,
            adapter,
            platform.DEMO_CHANNEL,
            question,
            application.scheduler.packs_changed,
        )
        await shown.show()
        await stack.enter_async_context(ticking(application, settings.tick_seconds))
        await stack.enter_async_context(following(shown))
        await until_stopped(adapter, f"{pack.info.title} is shown.", browser=browser)
