"""Take the README's picture anew: ``python -m tests.endtoend.take_picture``, from the checkout.

Ben and Ana answer the questions of a new demonstration, day by day, until a question and Ana's verdict
on it stand whole on one screen.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.endtoend import chromium
from tests.endtoend.running import ROOT, Demo
from tests.endtoend.the_page import Page, asked, button_of, daily, entered, verdict, wrong

PICTURE = ROOT / "docs/pictures/playground.png"
SIZE = {"width": 1280, "height": 860}
MOST_BYTES = 200_000
MOST_DAYS = 20


def take(browser: Any, demo: Demo) -> bytes:
    """The question and the right verdict on one screen, both answers counted."""
    ana, ben = (
        entered(browser.new_context(viewport=SIZE, color_scheme="light"), demo, person)
        for person in ("ana", "ben")
    )
    for _ in range(MOST_DAYS):
        message = both_answer(ana, ben)
        if fits(ana, message):
            break
        ana.get_by_role("button", name="One day forward").click()
        for page in (ana, ben):
            page.locator(f"#{message} h3", has_text="closed").wait_for()
    else:
        raise AssertionError(f"no question and verdict of {MOST_DAYS} days fit on a screen of {SIZE}")
    # Nothing that only this moment has: no button under the pointer, no caret.
    ana.mouse.move(0, 0)
    ana.evaluate("document.activeElement.blur()")
    return bytes(ana.screenshot(animations="disabled", caret="hide"))


def both_answer(ana: Page, ben: Page) -> str:
    """Ben is wrong, then Ana is right; returns the id of the question's message."""
    message, question = asked(daily(ana))
    button_of(daily(ben), wrong(question)).click()
    verdict(ben, message).wait_for()
    button_of(daily(ana), question.key).click()
    verdict(ana, message).wait_for()
    daily(ana).get_by_text("2 answers").wait_for()
    return message


def fits(page: Page, message: str) -> bool:
    """Scroll to the end; whether the question then is in sight from its heading on."""
    page.evaluate("document.getElementById('timeline').scrollTop = 1e9")
    page.locator("#latest").wait_for(state="hidden")
    top = "e => e.getBoundingClientRect().top"
    return bool(page.locator(f"#{message} h3").evaluate(top) > page.locator("#timeline").evaluate(top))


def main() -> None:
    """Write the picture, and say so."""
    with tempfile.TemporaryDirectory() as name:
        demo = Demo(Path(name) / "data", cwd=Path(name))
        assert demo.start(), "the demonstration does not start"
        try:
            with chromium.launched() as browser:
                picture = take(browser, demo)
        finally:
            demo.stop()
    assert len(picture) < MOST_BYTES, f"{len(picture):,} bytes are too many for the README"
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(picture)
    sys.stdout.write(f"{PICTURE}: {len(picture):,} bytes\n")


if __name__ == "__main__":
    main()
