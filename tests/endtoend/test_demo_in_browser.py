"""The first minutes with Milepost: the real demo as a process, real windows of a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.endtoend import chromium
from tests.endtoend.running import Demo
from tests.endtoend.the_page import (
    DAILY,
    Page,
    asked,
    button_of,
    daily,
    entered,
    lettered_packs,
    message_of,
    verdict,
    write,
    wrong,
)

if chromium.PATH is None:
    pytest.skip("no Chromium: install one or set MILEPOST_CHROMIUM", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

Opens = Callable[..., Page]

WIDE = {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    expect.set_options(timeout=chromium.PATIENCE)
    with chromium.launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for the whole module; each test moves its clock on to a question of its own."""
    cwd = tmp_path_factory.mktemp("demo")
    demo = Demo(cwd / "data", cwd=cwd, MILEPOST_PACKS_FOLDER=lettered_packs(cwd / "packs"))
    assert demo.start()
    yield demo
    assert demo.stop() == 0
    assert demo.complaints == []


@pytest.fixture
def opens(browser: Any, application: Demo) -> Iterator[Opens]:
    """Open a window as a person. Whatever a page asks elsewhere or complains of fails the test."""
    watch, contexts = chromium.Watch(), []

    def open_window(person: str, **options: Any) -> Page:
        contexts.append(browser.new_context(**({"viewport": WIDE} | options)))
        return entered(contexts[-1], application, person, watch.over)

    yield open_window
    for context in contexts:
        context.close()
    assert watch.complaints == []
    assert watch.requests, "nothing was watched"
    assert watch.strangers(application.base) == []


def next_question(page: Page) -> Any:
    """Move the clock on by a day, and find the new day's question."""
    before = message_of(daily(page))
    page.get_by_role("button", name="One day forward").click()
    expect(page.locator(f"#{before} [data-action*='|quiz.answer|']")).to_have_count(0)
    return daily(page)


def today(page: Page) -> str:
    """The date on the demo's clock, such as 22 Nov 2026."""
    return " ".join(page.locator("#clock-now").inner_text().split()[1:4]).rstrip(",")


def test_two_people_answer_and_days_go_by(opens: Opens) -> None:
    ana, ben = opens("ana"), opens("ben")
    question_of_ana, question_of_ben = daily(ana), daily(ben)
    expect(question_of_ana.locator(".footnote")).to_contain_text("0 answers")
    message, question = asked(question_of_ana)
    assert asked(question_of_ben) == (message, question)

    button_of(question_of_ana, question.key).click()
    expect(verdict(ana, message)).to_contain_text("✓ Correct")
    expect(verdict(ana, message)).to_contain_text("Only you can see this")
    expect(question_of_ben.locator(".footnote")).to_contain_text("1 answer ")
    button_of(question_of_ben, wrong(question)).click()
    expect(verdict(ben, message)).to_contain_text("✗ Not quite")
    for page in (ana, ben):
        expect(daily(page).locator(".footnote")).to_contain_text("2 answers")
        assert page.locator(".entry.private").count() == 1
    assert "✗ Not quite" not in ana.content()
    assert "✓ Correct" not in ben.content()

    button_of(question_of_ana, wrong(question)).click()
    expect(verdict(ana, message)).to_contain_text("You've already answered this one")
    expect(daily(ben).locator(".footnote")).to_contain_text("2 answers")

    date = today(ana)
    new_message, _ = asked(next_question(ana))
    assert new_message != message
    assert today(ana) != date
    for page in (ana, ben):
        closed = page.locator(f"#{message}")
        expect(closed.locator("h3")).to_contain_text("closed")
        expect(closed.locator(".footnote")).to_have_text(re.compile(r"2 answers, 50\s?% right"))
        expect(closed.get_by_text(re.compile(r"1 answer, 50\s?%"))).to_have_count(2)
        expect(closed).to_contain_text("✓")
        expect(page.locator(f"#{new_message} h3")).to_contain_text(DAILY)


def streak_of(page: Page, message: str) -> str:
    fact = verdict(page, message).locator(".facts div:has(dt:text-is('Streak')) dd")
    return str(fact.inner_text())


def test_the_streak_grows_over_days_and_is_drawn(opens: Opens) -> None:
    chidi = opens("chidi")
    for days in ("1 day", "2 days", "3 days"):
        entry = next_question(chidi)
        message, question = asked(entry)
        button_of(entry, question.key).click()
        expect(verdict(chidi, message)).to_contain_text("✓ Correct")
        assert streak_of(chidi, message) == days
    write(chidi, "/progress")
    picture = chidi.locator(".entry.private .picture").last
    expect(picture).to_be_visible()
    assert "3 days" in picture.get_attribute("alt")
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 300
    write(chidi, "/streak")
    ledger = chidi.locator(".entry.private").last
    expect(ledger).to_contain_text("● active")


def test_a_second_group_is_set_up_by_a_form(opens: Opens) -> None:
    maya, ben = opens("maya"), opens("ben")
    for page in (maya, ben):
        page.get_by_role("link", name="lounge").click()
        expect(page.locator("#title")).to_have_text("#lounge")
    expect(ben.locator("#empty-channel")).to_contain_text("An organiser can type")
    write(ben, "/study setup")
    expect(ben.locator(".entry.private").last).to_contain_text("Only organisers")

    write(maya, "/study setup")
    dialog = maya.get_by_role("dialog", name="Set up a study group")
    dialog.get_by_role("combobox", name="Time zone").fill("Europe/Berln")
    dialog.get_by_label("Time of the question of the day").fill("25:99")
    dialog.get_by_label("Days").fill("someday")
    dialog.get_by_role("button", name="Start the group").click()
    zone = dialog.get_by_role("combobox", name="Time zone")
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(zone).to_be_focused()
    expect(zone).to_have_accessible_description(re.compile("Europe/Berlin"))
    expect(dialog.get_by_label("Time of the question of the day")).to_have_accessible_description(
        re.compile("25:99")
    )
    expect(dialog.get_by_label("Days")).to_have_accessible_description(re.compile("someday"))
    assert zone.input_value() == "Europe/Berln"

    zone.fill("Europe/Berlin")
    dialog.get_by_label("Time of the question of the day").fill("07:30")
    dialog.get_by_label("Days").fill("mon-sun")
    dialog.get_by_role("button", name="Start the group").click()
    expect(dialog).to_be_hidden()
    expect(maya.get_by_role("heading", name="The study group is set up")).to_be_visible()
    maya.get_by_role("button", name="One day forward").click()
    expect(daily(ben)).to_be_visible()
    assert daily(ben).locator("xpath=ancestor::li[1]").get_attribute("data-channel") == "lounge"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse would."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def focus_is_seen(page: Page) -> bool:
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    shadow = "getComputedStyle(document.activeElement).boxShadow"
    return bool(page.evaluate(f"{outline} !== 'none' || {shadow} !== 'none'"))


def test_a_day_by_keyboard_alone(opens: Opens) -> None:
    ben = opens("ben")
    before = message_of(daily(ben))
    tab_to(ben, "[data-step=day]")
    assert focus_is_seen(ben)
    ben.keyboard.press("Enter")
    expect(ben.locator(f"#{before} [data-action*='|quiz.answer|']")).to_have_count(0)
    message, question = asked(daily(ben))
    tab_to(ben, f"#{message} [data-action*='o={question.key.id};']")
    assert focus_is_seen(ben)
    ben.keyboard.press("Space")
    expect(verdict(ben, message)).to_contain_text("✓ Correct")

    tab_to(ben, "#composer-text")
    ben.keyboard.type("/lead")
    expect(ben.get_by_role("option", name="/leaderboard")).to_be_visible()
    ben.keyboard.press("Tab")
    expect(ben.locator("#composer-text")).to_have_value(re.compile("^/leaderboard "))
    ben.keyboard.press("Enter")
    expect(ben.get_by_role("heading", name=re.compile("^Leaderboard"))).to_be_visible()
    expect(ben.locator(".entry").last).to_contain_text("Ben")


def test_a_quick_typist_is_not_overtaken_by_the_palette(opens: Opens) -> None:
    maya = opens("maya")
    maya.locator("#composer-text").focus()
    maya.keyboard.type("/s")
    expect(maya.get_by_role("option").first).to_contain_text("/str")
    maya.route("**/suggest?*", lambda _: None)
    maya.keyboard.type("tudy status")
    maya.keyboard.press("Enter")
    expect(maya.get_by_role("heading", name="Study group", exact=True)).to_be_visible()


CUT_SHORT = """() => {
  const real = window.fetch;
  window.fetch = (url, options) => !String(url).endsWith("text=%2F") ? real(url, options)
    : new Promise((done) => options.signal.addEventListener("abort", () => done(new Response(""))));
}"""
"""The answer for a lone slash breaks off half-way, as it does when the next letter comes during it."""


def test_an_answer_that_is_cut_short_does_not_close_the_palette(opens: Opens) -> None:
    maya = opens("maya")
    maya.evaluate(CUT_SHORT)
    maya.locator("#composer-text").focus()
    maya.keyboard.type("/s")
    expect(maya.get_by_role("option").first).to_contain_text("/s")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_in_both_schemes(opens: Opens, scheme: str) -> None:
    narrow = opens("ana", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    entry = next_question(narrow)
    message, question = asked(entry)
    button_of(entry, wrong(question)).click()
    expect(verdict(narrow, message)).to_contain_text("Not quite")
    write(narrow, "/progress")
    expect(narrow.locator(".entry.private .picture").last).to_be_visible()
    for part in ("document.documentElement", "document.getElementById('timeline')"):
        assert narrow.evaluate(f"{part}.scrollWidth") <= 320
    outside = """[...document.querySelectorAll('#entries :is(button, img, p, dl, h3, pre)')]
        .filter(e => !e.closest('pre') || e.matches('pre')).filter(e => e.checkVisibility())
        .filter(e => e.getBoundingClientRect().right > 320).map(e => e.outerHTML)"""
    assert narrow.evaluate(outside) == []
    ground = narrow.evaluate("getComputedStyle(document.body).backgroundColor")
    shade = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
    assert shade < 60 if scheme == "dark" else shade > 230


def test_the_address_is_needed(browser: Any, application: Demo) -> None:
    context = browser.new_context()
    page = context.new_page()
    response = page.goto(application.base)
    assert response.status == 403
    expect(page.locator("body")).to_contain_text("Open the address that Milepost printed")
    context.close()


def test_the_verdict_on_an_old_question_comes_into_sight(opens: Opens) -> None:
    ana = opens("ana")
    ana.set_viewport_size({"width": 1000, "height": 420})
    entry = next_question(ana)
    message, question = asked(entry)
    private = ana.locator(".entry.private")
    before = private.count()
    for more in (1, 2):
        write(ana, "/help")
        expect(private).to_have_count(before + more)
    entry.scroll_into_view_if_needed()
    button_of(entry, question.key).click()
    expect(verdict(ana, message)).to_be_in_viewport()
