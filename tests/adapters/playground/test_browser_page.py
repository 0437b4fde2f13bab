"""The page in a real browser: Chromium, with a playground and a fake core in this process."""

from __future__ import annotations

import pytest

from adapters.playground import PlaygroundConfig, build, channel_ref, user_ref
from bot.chat import Code, Heading, Message, Send, Text
from tests.adapters.playground.fakes import SVG, daily_post, question

pytestmark = pytest.mark.asyncio

BACKEND = channel_ref("backend")


def composer(page):
    return page.locator("#composer-text")


async def say(page, text):
    await composer(page).fill(text)
    await composer(page).press("Enter")


async def test_the_token_leaves_the_address_bar(page_of):
    page = await page_of("ana")
    assert page.url.endswith("/?as=ana")


async def test_the_palette_is_used_by_keyboard_alone(page_of, app):
    page = await page_of("ana")
    await composer(page).press_sequentially("/qu")
    await page.wait_for_selector("#palette-list [role=option] >> text=/quiz [topic]")
    await composer(page).press("Tab")
    await page.wait_for_selector("[role=option] >> text=HTTP caching")
    await composer(page).press("ArrowDown")
    await composer(page).press("ArrowDown")
    assert await page.locator("[aria-selected=true] b").inner_text() == "HTTP caching"
    await composer(page).press("Enter")
    assert await composer(page).input_value() == '/quiz topic:"http caching" '
    await composer(page).press("Enter")
    await page.wait_for_selector(".entry.private")
    assert app.seen[0].args == {"topic": "http caching"}


async def test_escape_closes_the_palette_and_keeps_the_text(page_of):
    page = await page_of("ana")
    await composer(page).press_sequentially("/")
    await page.wait_for_selector("#palette-list [role=option]")
    await composer(page).press("Escape")
    assert await page.locator("#palette").is_hidden()
    assert await composer(page).input_value() == "/"


async def test_a_mistyped_command_comes_back_with_a_sentence(page_of):
    page = await page_of("ana")
    await say(page, "/progress Zed")
    await page.wait_for_selector("#composer-error >> text=There is no “Zed” here.")
    assert await composer(page).input_value() == "/progress Zed"


async def test_form_errors_stand_beside_their_fields(page_of):
    page = await page_of("ana")
    await say(page, "/note")
    dialog = page.get_by_role("dialog", name="Write a note")
    await dialog.get_by_role("button", name="Save").click()
    await dialog.locator("#field-1-error >> text=Please fill this in.").wait_for()
    await dialog.get_by_label("Title").fill("bad")
    await dialog.get_by_label("Kind").select_option("idea")
    await dialog.get_by_label("Body").fill("kept")
    await dialog.get_by_role("button", name="Save").click()
    await dialog.locator("#field-1-error >> text=Choose a kinder title.").wait_for()
    assert await dialog.get_by_label("Body").input_value() == "kept"
    assert await page.evaluate("document.activeElement.name") == "title"
    await dialog.get_by_label("Title").fill("good")
    await dialog.get_by_label("Title").press("Enter")
    await dialog.wait_for(state="hidden")
    await page.wait_for_selector(".private >> text=Saved good")


async def test_a_field_suggests_and_is_used_by_keyboard_alone(page_of, app):
    page = await page_of("ana")
    await say(page, "/note")
    field = page.get_by_role("combobox", name="Topic")
    await field.press_sequentially("ht")
    options = page.get_by_role("listbox", name="Topic").get_by_role("option")
    await options.get_by_text("HTTP caching").wait_for()
    assert await field.get_attribute("aria-expanded") == "true"
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    named = await field.get_attribute("aria-activedescendant")
    assert await page.locator(f"#{named}[aria-selected=true]").inner_text() == "HTTP caching"
    await field.press("Enter")
    assert await field.input_value() == "http caching"
    assert await field.get_attribute("aria-expanded") == "false"
    assert await page.evaluate("document.activeElement.name") == "topic"
    await page.get_by_label("Title").fill("good")
    await page.get_by_label("Kind").select_option("idea")
    await field.press("Enter")
    await page.wait_for_selector(".private >> text=Saved good")
    assert app.seen[-1].values["topic"] == "http caching"


async def test_suggestions_are_picked_by_pointer_and_closed_without_closing_the_form(page_of):
    page = await page_of("ana")
    await say(page, "/note")
    field = page.get_by_role("combobox", name="Topic")
    await field.press_sequentially("sq")
    await page.get_by_role("option", name="SQL").click()
    assert await field.input_value() == "sql"
    await field.press("ArrowDown")
    await page.get_by_role("option", name="SQL").wait_for()
    await field.press("Escape")
    await page.get_by_role("listbox").wait_for(state="hidden")
    assert await page.locator("dialog[open]").count() == 1
    await field.fill("no such topic")
    await page.get_by_label("Title").focus()
    assert await page.locator(".suggestions [role=option]:visible").count() == 0


async def test_escape_closes_the_form_and_gives_the_focus_back(page_of):
    page = await page_of("ana")
    await say(page, "/note")
    await page.wait_for_selector("dialog[open] input")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("dialog", state="hidden")
    assert await page.evaluate("document.activeElement.id") == "composer-text"


async def test_two_windows_tell_private_from_public(page_of):
    ana, ben = await page_of("ana"), await page_of("ben")
    await say(ana, "/quiz")
    await ana.wait_for_selector(".private >> text=Only you can see this")
    await say(ana, "/announce Hello everybody")
    await ben.wait_for_selector(".entry >> text=Hello everybody")
    await ben.wait_for_selector(".context >> text=/announce")
    assert await ben.locator(".private").count() == 0
    assert await ana.locator(".entry:not(.private) .text >> text=Hello everybody").count() == 1


async def test_new_messages_are_announced_and_counted_elsewhere(page_of, playground):
    ana, ben = await page_of("ana"), await page_of("ben")
    await ana.goto(ana.url + "#lounge")
    await ana.wait_for_selector("h1 >> text=#lounge")
    await say(ben, "hello there")
    await ana.wait_for_selector("[data-channel=backend].place .count >> text=1")
    announced = ana.locator("#announcer >> text=Ben in #backend: hello there")
    await announced.wait_for(state="attached")
    await ana.click("[data-channel=backend].place")
    await ana.wait_for_selector(".new-line >> text=New")
    await ana.locator("[data-channel=backend].place .count").wait_for(state="hidden")


async def test_a_press_waits_for_its_answer_and_the_edit_keeps_the_focus(page_of, app):
    page = await page_of("ana")
    await say(page, "/quiz")
    button = page.get_by_role("button", name="304 Not Modified")
    await button.wait_for()
    app.gate.clear()
    await button.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("button[aria-busy=true] >> text=304 Not Modified")
    app.gate.set()
    await page.wait_for_selector("text=You chose B.")
    assert await page.evaluate("Boolean(document.activeElement.closest('#entries li'))")


async def test_an_edit_leaves_the_scroll_position_alone(page_of, playground):
    page = await page_of("ana")
    refs = [await playground.send(BACKEND, daily_post(), f"k{number}") for number in range(12)]
    await page.wait_for_selector(f"#{refs[-1].id}")
    await page.evaluate("document.getElementById('timeline').scrollTop = 300")
    await page.wait_for_selector("#latest:not([hidden])")
    await playground.edit(refs[5], question("A"))
    await page.wait_for_selector(f"#{refs[5].id} .edited", state="attached")
    assert await page.evaluate("document.getElementById('timeline').scrollTop") == 300
    await playground.send(BACKEND, question(), "more")
    await page.get_by_role("button", name="1 new message").click()
    await page.locator("#latest").wait_for(state="hidden")


async def test_a_reply_is_written_to_a_post(page_of, playground, app):
    page = await page_of("ana")
    await playground.send(BACKEND, daily_post(), "k")
    await page.hover(".entry.bot")
    await page.get_by_role("button", name="Reply to Milepost").click()
    await page.wait_for_selector("#replying >> text=Replying to Milepost")
    await say(page, "Because it is idempotent")
    await page.wait_for_selector(".private >> text=Noted: Because it is idempotent")
    assert app.seen[0].text == "Because it is idempotent"


async def test_menus_send_only_when_chosen(page_of, playground, app):
    page = await page_of("ana")
    await playground.send(BACKEND, daily_post(), "k")
    await page.get_by_label("Rate it", exact=True).select_option("2")
    assert app.seen == []
    await page.get_by_role("button", name="Choose for: Rate it").click()
    await page.wait_for_selector("text=Rated 2")


async def test_on_a_phone_the_clock_has_one_line(page_of):
    page = await page_of("ana", viewport={"width": 360, "height": 640})
    await page.wait_for_selector("#clock-now >> text=Mon, 2 Mar 2026, 12:00")
    height = "document.querySelector('.clock').getBoundingClientRect().height"
    assert await page.evaluate(height) <= 32
    assert await page.get_by_role("button", name="Next post").count() == 1


@pytest.mark.parametrize("width", [320, 360])
async def test_a_narrow_screen_never_scrolls_sideways(page_of, playground, width):
    long = "x" * 400
    blocks = (Text(f"{long} `{long}`"), Code(long, "python"), *daily_post().blocks)
    await playground.send(BACKEND, Message("Long", blocks), "k")
    page = await page_of("ana", viewport={"width": width, "height": 640})
    await say(page, long)
    await page.wait_for_selector("#entries > li:nth-of-type(3)")
    wide = "document.getElementById('timeline').scrollWidth"
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await page.evaluate(wide) == width
    await page.get_by_role("button", name="Channels and people").click()
    await page.get_by_role("link", name="lounge").click()
    await page.wait_for_selector("text=Nothing in this channel yet")
    await page.locator("#sidebar").wait_for(state="hidden")


async def test_dark_and_light(page_of):
    page = await page_of("ana", color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(background)
    assert dark == "rgb(22, 25, 26)"
    await page.get_by_role("button", name="Switch between light and dark").click()
    assert await page.evaluate(background) == "rgb(255, 255, 255)"
    await page.reload()
    assert await page.evaluate(background) == "rgb(255, 255, 255)"


CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (rgb) => rgb.map((v) => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("option, script, :disabled, [aria-disabled=true]")) continue;
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.unshift(getComputedStyle(at).backgroundColor);
    }
    const ground = paint(layers);
    const ink = paint([...layers, getComputedStyle(element).color]);
    const [high, low] = [light(ground), light(ink)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.className}: ${element.innerText}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_enough_contrast(page_of, playground, scheme):
    page = await page_of("ana", color_scheme=scheme)
    await playground.send(BACKEND, daily_post(), "k")
    await say(page, "hello")
    await say(page, "/quiz")
    await page.wait_for_selector(".private")
    await composer(page).press_sequentially("/quiz ")
    await page.wait_for_selector("#palette-list [role=option]")
    await page.click(".people summary")
    assert await page.evaluate(CONTRAST) == []


async def test_pictures_are_shown_with_their_words(page_of):
    page = await page_of("ana")
    await say(page, "/picture")
    picture = page.get_by_role("img", name="A line that rises")
    await picture.wait_for()
    assert await picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480
    assert SVG.startswith("<svg")


async def test_direct_messages_have_a_place_of_their_own(page_of, playground):
    page = await page_of("ana")
    await playground.direct(user_ref("ana"), daily_post(), "k")
    await page.wait_for_selector("[data-direct] .count >> text=1")
    await page.click("[data-direct]")
    await page.wait_for_selector(".entry >> text=Day 12")


async def test_the_demo_clock_is_moved_on(page_of, playground):
    page = await page_of("ana")
    await page.wait_for_selector("#clock-now >> text=Mon, 2 Mar 2026, 12:00")
    await page.get_by_role("button", name="One week forward").click()
    await page.wait_for_selector("#clock-now >> text=Mon, 9 Mar 2026, 12:00")


async def test_a_page_outlives_a_restart(browser, app, clock, tmp_path):
    config = PlaygroundConfig(port=0, token="t", transcript=tmp_path / "room.jsonl")
    first = build(config, clock)
    await first.start(app)
    await first.send(BACKEND, question(), "k")
    page = await browser.new_page()
    await page.goto(f"{first.address}&as=ana")
    await page.wait_for_selector(".entry >> text=HTTP caching")
    assert await page.locator(".clock").count() == 0
    await first.stop()
    await page.wait_for_selector(".toast >> text=Milepost isn't running")

    port = int(first.address.split(":")[2].partition("/")[0])
    config = PlaygroundConfig(port=port, token="t", transcript=tmp_path / "room.jsonl")
    second = build(config, clock)
    await second.start(app)
    await second.send(BACKEND, daily_post(), "k2")
    await page.wait_for_selector(".entry >> text=Day 12")
    await page.wait_for_selector(".toast", state="detached")
    await page.get_by_role("button", name="304 Not Modified").click()
    await page.wait_for_selector("text=You chose B.")
    assert await page.locator("#entries .entry").count() == 2
    await second.stop()


def tall(number):
    lines = tuple(Text(f"Line {n} of answer {number}.") for n in range(40))
    return Message(f"Answer {number}", (Heading("\u2717 Not quite"), *lines))


async def test_a_private_answer_that_is_taller_than_the_page_opens_at_its_top(page_of, app, monkeypatch):
    async def handle(*_):
        return Send(tall(1))

    monkeypatch.setattr(app, "handle", handle)
    page = await page_of("ana")
    await say(page, "/quiz")
    heading = page.locator(".entry.private h3")
    await heading.wait_for()
    top = await page.locator("#timeline").evaluate("e => e.getBoundingClientRect().top")
    await page.wait_for_timeout(200)
    at = await heading.evaluate("e => e.getBoundingClientRect().top")
    assert top <= at < top + 120
    await page.evaluate("document.getElementById('timeline').scrollTop += 300")
    await page.wait_for_timeout(100)
    moved = await heading.evaluate("e => e.getBoundingClientRect().top")
    assert moved < at - 200


async def test_suggestions_are_counted_by_ear(page_of):
    page = await page_of("ana")
    await composer(page).fill("/")
    await page.locator("#palette-status", has_text="suggestions").wait_for(state="attached")
    assert await composer(page).get_attribute("aria-expanded") == "true"
    await composer(page).press("Escape")
    assert await composer(page).get_attribute("aria-expanded") == "false"


async def test_a_long_name_leaves_room_for_the_command_on_a_narrow_screen(page_of):
    page = await page_of("ana", viewport={"width": 320, "height": 640})
    await say(page, "/quiz http")
    line = page.locator(".entry.private p.context").last
    await line.locator("bdi").evaluate("name => (name.textContent = 'A'.repeat(80))")
    assert await line.locator("code").is_visible()
    assert await line.evaluate("e => e.scrollWidth <= e.clientWidth"), await line.inner_text()
