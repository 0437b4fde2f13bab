"""The suite reaches every platform, and all of its tests are in it."""

import re
from pathlib import Path

import adapters
from adapters.contract import suite
from tests.adapters.contract.conftest import PLATFORMS


def test_every_platform_has_a_place_here():
    assert tuple(PLATFORMS) == adapters.names()


def test_the_suite_has_every_test_of_its_modules_under_a_name_of_its_own():
    files = Path(suite.__file__).parent.glob("*.py")
    written = [
        name
        for file in files
        for name in re.findall(r"^async def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(written) > 40
    assert sorted(written) == sorted(name for name in vars(suite) if name.startswith("test_"))


def test_the_suite_needs_nothing_of_this_repository_but_the_border():
    for file in Path(suite.__file__).parent.glob("*.py"):
        ours = re.findall(
            r"^(?:from|import) ((?:adapters|bot|content|milepost|storage|tests)\b\S*)",
            file.read_text("utf-8"),
            re.MULTILINE,
        )
        assert {name for name in ours if not name.startswith("adapters.contract.")} <= {"bot.chat"}, (
            file.name
        )
