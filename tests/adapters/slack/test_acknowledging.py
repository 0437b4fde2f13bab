"""Work after an acknowledgement waits while others still wait for theirs."""

import asyncio

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.acknowledging import AcknowledgingApp

pytestmark = pytest.mark.asyncio

PRESS = {"type": "block_actions", "actions": [{"action_id": "a", "block_id": "b", "type": "button"}]}
FORM = {"type": "view_submission", "view": {"callback_id": "form", "type": "modal"}}


@pytest.fixture
def may_acknowledge():
    return asyncio.Event()


@pytest.fixture
def app(may_acknowledge):
    """An app that acknowledges presses and forms as soon as it may."""

    async def authorize():
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0")

    async def listener(ack):
        await may_acknowledge.wait()
        await ack()

    made = AcknowledgingApp(authorize=authorize, patience=60)
    made.action("a")(listener)
    made.view("form")(listener)
    return made


def dispatched(app, payload):
    request = AsyncBoltRequest(
        body=payload | {"team": {"id": "T1"}, "user": {"id": "U1"}}, mode="socket_mode"
    )
    return asyncio.create_task(app.async_dispatch(request))


async def as_far_as_it_goes():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_work_begins_when_all_are_acknowledged(app, may_acknowledge):
    await app.all_acknowledged()
    presses = [dispatched(app, PRESS) for _ in range(3)]
    await as_far_as_it_goes()
    work = asyncio.create_task(app.all_acknowledged())
    await as_far_as_it_goes()
    assert not work.done()
    may_acknowledge.set()
    assert [each.status for each in await asyncio.gather(*presses)] == [200] * 3
    await work


async def test_work_does_not_wait_for_ever(app, may_acknowledge):
    app._patience = 0.01
    press = dispatched(app, PRESS)
    await as_far_as_it_goes()
    await app.all_acknowledged()
    assert not press.done()
    may_acknowledge.set()
    await press


async def test_work_does_not_wait_for_the_answer_to_a_form(app, may_acknowledge):
    form = dispatched(app, FORM)
    await as_far_as_it_goes()
    await app.all_acknowledged()
    assert not form.done()
    may_acknowledge.set()
    assert (await form).status == 200
