"""A member downloads their data and is forgotten, in a real browser on the real demo."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.endtoend import chromium
from tests.endtoend.running import Demo
from tests.endtoend.the_page import asked, button_of, daily, entered, lettered_packs, verdict, write

if chromium.PATH is None:
    pytest.skip("no Chromium: install one or set MILEPOST_CHROMIUM", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "data", cwd=tmp_path, MILEPOST_PACKS_FOLDER=lettered_packs(tmp_path / "packs"))
    assert demo.start()
    yield demo
    assert demo.stop() == 0
    assert demo.complaints == []


def accounts(demo: Demo) -> set[str]:
    with closing(sqlite3.connect(f"file:{demo.database}?mode=ro", uri=True)) as database:
        return {user_id for (user_id,) in database.execute("SELECT user_id FROM account")}


def test_a_member_takes_their_data_and_goes(application: Demo, tmp_path: Path) -> None:
    expect.set_options(timeout=chromium.PATIENCE)
    watch = chromium.Watch()
    with chromium.launched() as browser:
        page: Any = entered(browser.new_context(accept_downloads=True), application, "ana", watch.over)
        message, question = asked(daily(page))
        button_of(daily(page), question.key).click()
        expect(verdict(page, message)).to_contain_text("✓ Correct")
        assert "ana" in accounts(application)

        write(page, "/privacy")
        page.get_by_role("button", name="Get my data").click()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Download milepost-data.json").click()
        waiting.value.save_as(tmp_path / "mine.json")
        assert waiting.value.suggested_filename == "milepost-data.json"
        data = json.loads((tmp_path / "mine.json").read_text("utf-8"))["data"]
        assert data["account"]["rows"][0]["user_id"] == "ana"
        assert [row["question_id"] for row in data["answer"]["rows"]] == [question.id]

        write(page, "/privacy forget")
        expect(page.locator(".entry.private").last).to_contain_text("This can't be undone")
        page.get_by_role("button", name="Forget me now").click()
        expect(page.locator(".entry.private").last).to_contain_text("I no longer know who you are")
        assert "ana" not in accounts(application)
        assert watch.complaints == []
        assert watch.strangers(application.base) == []
