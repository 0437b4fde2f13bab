"""The starter files of a project: as files, and in parts for chats that show none."""

import pytest
import pytest_asyncio

from bot.chat import File, encode
from bot.views.challenge import PART
from tests.support.helpers import (
    CHALLENGE,
    every_project,
    first_project,
    library_with,
    posts_project,
    serve,
)
from tests.support.people import shipped_library

pytestmark = pytest.mark.asyncio

PACK = shipped_library().packs["backend-python"]


@pytest_asyncio.fixture
async def study(study):
    """A group that has its first project, because an organiser asked for it."""
    await posts_project(study)
    return study


def with_files():
    return next(project for project in every_project() if project.starter_files)


async def test_details_lead_to_the_starter_files(study):
    ana, project = study.person("Ana"), with_files()
    await ana.acts(encode("challenge.details", c=project.id))
    await ana.presses("Starter files")
    given = [block for block in ana.last.message.blocks if isinstance(block, File)]
    assert [file.name for file in given] == list(project.starter_files)
    assert [file.content for file in given] == [file.text for file in PACK.starters[project.id]]
    assert ana.reply.visibility == "private"
    assert ana.sees(project.checks.first)


async def test_parts_of_a_file_make_up_the_whole(study):
    ana, project = study.person("Ana"), with_files()
    file = max(PACK.starters[project.id], key=lambda each: len(each.text))
    await ana.acts(encode("challenge.files", c=project.id))
    await ana.presses(f"Read {file.name}")
    shown = [ana.last.message]
    while "[Next part]" in ana.shown():
        await ana.presses("Next part")
        shown.append(ana.last.message)
    parts = [block.source for message in shown for block in message.blocks if hasattr(block, "source")]
    assert len(parts) > 1
    assert all(len(part) <= PART for part in parts)
    assert "".join(parts) == file.text


@pytest.mark.parametrize(("n", "part"), [(0, 1), (9, 1), (1, 0), (1, 99)])
async def test_a_part_that_is_not_there_is_refused(study, n, part):
    ana = study.person("Ana")
    await ana.acts(encode("challenge.file", c=with_files().id, n=n, part=part))
    assert ana.sees("This button no longer works.")


async def test_a_project_without_files_offers_none(study):
    ana = study.person("Ana")
    plain = first_project("python-basics").model_copy(update={"starter_files": (), "checks": None})
    serve(study, library_with(challenges=dict(PACK.challenges) | {plain.step: (plain,)}, starters={}))
    await ana.acts(encode("challenge.details", c=plain.id))
    assert "[Starter files]" not in ana.shown()
    await ana.acts(encode("challenge.files", c=plain.id))
    assert ana.sees("This button no longer works.")


async def test_the_post_tells_nothing_of_a_solution(study):
    ana = study.person("Ana")
    await ana.acts(encode("challenge.details", c=first_project("python-basics").id))
    assert "solution" not in ana.shown().casefold()
    assert study.newest(CHALLENGE)
