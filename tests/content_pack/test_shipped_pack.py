"""The pack that ships: it loads, and the full check has nothing against it."""

import pytest

from bot.domain.questions.matching import judge
from content.checks import check_pack, self_test
from content.loader import load_pack, shipped_packs_folder

FOLDER = shipped_packs_folder() / "backend-python"


@pytest.fixture(scope="module")
def pack():
    return load_pack(FOLDER)


def test_the_full_check_has_no_error(pack):
    report = check_pack(pack, FOLDER, judge)
    assert [str(error) for error in report.errors] == []


def test_the_check_would_notice_wrong_keys(pack):
    assert self_test(pack, judge) == ()
