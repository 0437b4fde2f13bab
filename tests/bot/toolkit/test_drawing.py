"""Pictures are drawn once, in turn for each person, and nobody waits for more than one of another's."""

import asyncio
import threading

import pytest

from bot.chat import Picture
from bot.toolkit import drawing
from bot.toolkit.drawing import RenderQueue
from bot.toolkit.limits import ByteCache

pytestmark = pytest.mark.asyncio


class Brush:
    """Draws a picture when it is told to go on, and remembers what it has drawn."""

    def __init__(self, *, held=False):
        self.drawn = []
        self.strokes = threading.Semaphore(0)
        self.held = held

    def __call__(self, picture):
        if self.held:
            self.strokes.acquire(timeout=60)
        if picture.svg == "torn":
            raise ValueError("cannot be drawn")
        self.drawn.append(picture.svg)
        return f"png of {picture.svg}".encode()


def picture(name):
    return Picture(name, f"Words for {name}")


async def test_whoever_asks_for_a_hundred_keeps_another_waiting_for_one_of_them():
    brush = Brush(held=True)
    render_queue = RenderQueue(brush)
    eves = [asyncio.create_task(render_queue.png(picture(f"eve {n}"), "eve")) for n in range(100)]
    await asyncio.sleep(0)
    others = [asyncio.create_task(render_queue.png(picture(name), name)) for name in ("ana", "ben")]
    await asyncio.sleep(0)
    for _ in range(103):
        brush.strokes.release()
    assert [await other for other in others] == [b"png of ana", b"png of ben"]
    assert brush.drawn == ["eve 0", "ana", "ben"]
    shown = [await eve for eve in eves]
    assert shown == [b"png of eve 0"] + [None] * 99, "the others are said in words, at once"


async def test_once_hers_is_drawn_she_waits_behind_the_others_again():
    brush = Brush(held=True)
    render_queue = RenderQueue(brush)

    async def goes_on():
        for number in range(3):
            await render_queue.png(picture(f"eve {number}"), "eve")

    eve = asyncio.create_task(goes_on())
    await asyncio.sleep(0)
    others = [asyncio.create_task(render_queue.png(picture(f"member {n}"), n)) for n in range(3)]
    for _ in range(6):
        brush.strokes.release()
    await asyncio.gather(eve, *others)
    assert brush.drawn == ["eve 0", "member 0", "member 1", "member 2", "eve 1", "eve 2"]


async def test_the_same_picture_is_drawn_once_for_all_who_ask_and_kept():
    brush = Brush()
    render_queue = RenderQueue(brush)
    asked = [render_queue.png(picture("one"), who) for who in ("eve", "eve", "ana", None)]
    assert await asyncio.gather(*asked) == [b"png of one"] * 4
    assert await render_queue.png(picture("one"), "ben") == b"png of one"
    assert brush.drawn == ["one"]


async def test_what_is_kept_is_bounded_by_its_bytes(monkeypatch):
    monkeypatch.setattr(drawing, "KEPT_BYTES", 25)
    brush = Brush()
    render_queue = RenderQueue(brush)
    for name in ("a", "b", "c", "d", "d", "c", "a"):  # eight bytes each: three of them fit
        await render_queue.png(picture(name), "ana")
    assert brush.drawn == ["a", "b", "c", "d", "a"]
    kept = ByteCache(10)
    for key in range(5):
        kept[key] = b"1234"
        assert kept.size <= 10
    assert [kept.get(key) for key in range(5)] == [None, None, None, b"1234", b"1234"]
    kept[3] = b"12"
    kept[5] = b"1234"
    assert (kept.get(4), kept.get(3), kept.size) == (b"1234", b"12", 10)
    kept[6] = b"too large for it"
    assert (kept.get(6), kept.size) == (None, 0)


async def test_everybody_of_a_large_group_may_wait_and_those_beyond_get_words_at_once():
    brush = Brush(held=True)
    render_queue = RenderQueue(brush)
    waiting = [
        asyncio.create_task(render_queue.png(picture(f"member {n}"), n))
        for n in range(drawing.MOST_WAITING)
    ]
    await asyncio.sleep(0)
    assert await render_queue.png(picture("one more"), "one more") is None
    assert not any(each.done() for each in waiting)
    for each in waiting[1:]:
        each.cancel()
    brush.strokes.release()
    await asyncio.wait(waiting)
    assert brush.drawn == ["member 0"], "what nobody waits for any more is not drawn"
    brush.strokes.release()
    assert await render_queue.png(picture("one more"), "one more") == b"png of one more"


async def test_nobody_waits_longer_than_an_answer_can_be_shown():
    brush = Brush(held=True)
    render_queue = RenderQueue(brush, within=0.0)
    assert await render_queue.png(picture("slow"), "ana") is None
    assert drawing.WITHIN < 15 * 60
    brush.strokes.release()


async def test_what_cannot_be_drawn_harms_no_other_picture():
    render_queue = RenderQueue(Brush())
    torn, whole = await asyncio.gather(
        render_queue.png(picture("torn"), "eve"),
        render_queue.png(picture("whole"), "ana"),
        return_exceptions=True,
    )
    assert isinstance(torn, ValueError)
    assert whole == b"png of whole"
    assert await render_queue.png(picture("another"), "eve") == b"png of another"


async def test_a_real_picture_is_a_png():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
    png = await RenderQueue().png(Picture(svg, "A square"), "ana")
    assert png
    assert png.startswith(b"\x89PNG")
