"""Forms that Discord refuses, the loopback server refuses too: 50035 with a tree."""

import discord
import pytest

from tests.loopback.discord.tiny_bot import talking

pytestmark = pytest.mark.asyncio

V2 = 1 << 15
URL = "https://x.example/a.png"
TEXT = {"type": 10, "content": "Hello"}


def button(label="A", custom_id="a", **more):
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id, **more}


def menu(options=1, **more):
    found = [{"label": f"Option {n}", "value": str(n)} for n in range(options)]
    return {"type": 3, "custom_id": "m", "options": found, **more}


def row(*items):
    return {"type": 1, "components": list(items)}


def gallery(url="attachment://a.png", **more):
    return {"type": 12, "items": [{"media": {"url": url}, **more}]}


def v2(*components, **more):
    return {"flags": V2, "components": list(components), **more}


BAD = {
    "content": ({"content": "x" * 2001}, "content"),
    "content in v2": (v2(TEXT, content="x"), "content"),
    "embeds in v2": (v2(TEXT, embeds=[{"title": "x"}]), "embeds"),
    "41 components": (v2(*[TEXT] * 41), "components"),
    "nested components count": (v2(*[{"type": 17, "components": [TEXT] * 4}] * 9), "components"),
    "4001 characters": (v2(TEXT, {"type": 10, "content": "x" * 3996}), "components"),
    "empty text": (v2({"type": 10, "content": ""}), "components.0.content"),
    "custom_id": (v2(row(button(custom_id="x" * 101))), "components.0.components.0.custom_id"),
    "no custom_id": (v2(row({"type": 2, "style": 1, "label": "A"})), "components.0.components.0.custom_id"),
    "custom_id twice": (v2(row(button()), row(button())), "components"),
    "label": (v2(row(button("x" * 81))), "components.0.components.0.label"),
    "no label": (v2(row(button(""))), "components.0.components.0.label"),
    "6 buttons": (v2(row(*[button(custom_id=str(n)) for n in range(6)])), "components.0.components"),
    "empty row": (v2(row()), "components.0.components"),
    "select with button": (v2(row(menu(), button())), "components.0.components"),
    "no options": (v2(row(menu(0))), "components.0.components.0.options"),
    "26 options": (v2(row(menu(26))), "components.0.components.0.options"),
    "placeholder": (v2(row(menu(placeholder="x" * 151))), "components.0.components.0.placeholder"),
    "option label": (
        v2(row({**menu(), "options": [{"label": "x" * 101, "value": "1"}]})),
        "components.0.components.0.options.0.label",
    ),
    "missing file": (v2(gallery()), "components.0.items.0.media.url"),
    "11 pictures": (v2({"type": 12, "items": gallery(URL)["items"] * 11}), "components.0.items"),
    "alt text": (v2(gallery(URL, description="x" * 1025)), "components.0.items.0.description"),
    "v2 parts without the flag": ({"components": [TEXT]}, "components.0.type"),
    "text in a row": (v2(row(TEXT)), "components.0.components.0.type"),
    "container in a container": (v2({"type": 17, "components": [{"type": 17, "components": [TEXT]}]}),
                                 "components.0.components.0.type"),
    "long nonce": ({"content": "x", "nonce": "x" * 26}, "nonce"),
    "link with id": (v2(row(button(style=5, url=URL))), "components.0.components.0.custom_id"),
    "embeds in all": ({"embeds": [{"description": "x" * 4000}] * 2}, "embeds"),
}  # fmt: skip


def paths(tree, path=()):
    """Paths of the errors in a tree."""
    for key, inner in tree.items():
        if key == "_errors":
            yield ".".join(path)
        else:
            yield from paths(inner, (*path, key))


async def test_messages_beyond_the_limits_are_refused_at_their_place():
    async with talking(global_limit=1000) as (server, bot, study, _):
        route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=study.id)
        for name, (body, place) in BAD.items():
            server.refused.clear()
            with pytest.raises(discord.HTTPException) as refused:
                await bot.http.request(route, json={"allowed_mentions": {"parse": []}, **body})
            assert (refused.value.status, refused.value.code) == (400, 50035), name
            [noted] = server.refused
            assert list(paths(noted.errors)) == [place], name
        assert server.messages(study) == []


async def test_what_is_just_within_the_limits_is_taken():
    good = [
        {"content": "x" * 2000},
        v2(*[{"type": 10, "content": "x" * 100}] * 40),
        v2(row(*[button("x" * 80, str(n) * 100) for n in range(5)]), row(menu(25, placeholder="x" * 150))),
        v2(
            {"type": 9, "components": [TEXT], "accessory": button()},
            {"type": 14},
            gallery(URL),
        ),
    ]
    async with talking() as (server, bot, study, _):
        route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=study.id)
        for body in good:
            await bot.http.request(route, json={"allowed_mentions": {"parse": []}, **body})
        assert len(server.messages(study)) == len(good)
        assert not server.refused


async def test_an_edit_is_held_to_the_flags_of_the_message():
    async with talking() as (server, bot, study, _):
        view = discord.ui.LayoutView(timeout=None).add_item(discord.ui.TextDisplay("One"))
        posted = await bot.place(study).send(view=view)
        with pytest.raises(discord.HTTPException) as refused:
            await posted.edit(content="Two")
        assert refused.value.code == 50035
        route = discord.http.Route("PATCH", f"/channels/{study.id}/messages/{posted.id}")
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.request(
                route, json={"flags": 0, "content": "Two", "allowed_mentions": {"parse": []}}
            )
        assert refused.value.code == 50035
        assert server.messages(study)[0].text == "One"
        with pytest.raises(discord.HTTPException) as refused:
            await bot.place(study).send("")
        assert refused.value.code == 50006


def field(**more):
    return {"type": 18, "label": "Zone", "component": {"type": 4, "custom_id": "z", "style": 1, **more}}


MODALS = {
    "title": ({"title": "x" * 46}, "data.title"),
    "no parts": ({"components": []}, "data.components"),
    "6 parts": ({"components": [TEXT] * 6}, "data.components"),
    "label": ({"components": [{**field(), "label": "x" * 46}]}, "data.components.0.label"),
    "value": ({"components": [field(value="x" * 4001)]}, "data.components.0.component.value"),
    "max_length": ({"components": [field(max_length=4001)]}, "data.components.0.component.max_length"),
    "placeholder": (
        {"components": [field(placeholder="x" * 101)]},
        "data.components.0.component.placeholder",
    ),
}


async def test_forms_and_suggestions_beyond_the_limits_are_refused():
    bodies, codes = [], []
    good = {"title": "Set up", "custom_id": "f", "components": [field()]}
    fine = {2: {"type": 9, "data": good}, 4: {"type": 8, "data": {"choices": []}}}

    async def answer(interaction):
        route = discord.http.Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback")
        for body in bodies:
            with pytest.raises(discord.HTTPException) as refused:
                await interaction.client.http.request(route, json=body)
            codes.append(refused.value.code)
        await interaction.client.http.request(route, json=fine[interaction.type.value])

    option = {"type": 3, "name": "topic", "description": "A topic", "autocomplete": True}
    command = {"name": "quiz", "description": "A question", "options": [option]}
    async with talking(answer, commands=[command]) as (server, bot, study, ana):
        bodies += [{"type": 9, "data": {**good, **bad}} for bad, _ in MODALS.values()]
        assert (await ana.uses(study, "quiz")).modal.title == "Set up"
        assert [list(paths(noted.errors)) for noted in server.refused] == [
            [place] for _, place in MODALS.values()
        ]
        bodies[:] = [{"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "1"}]}},
                     {"type": 8, "data": {"choices": [{"name": "x", "value": "1"}] * 26}},
                     {"type": 4, "data": {"content": "A message does not answer typing"}}]  # fmt: skip
        assert (await ana.types(study, "quiz", "topic", "x")).choices == []
        assert codes == [50035] * (len(MODALS) + 3)
        assert not bot.errors


def command(**more):
    return {"name": "quiz", "description": "A question", **more}


def option(name="topic", **more):
    return {"type": 3, "name": name, "description": "A topic", **more}


COMMANDS = {
    "capitals": ([command(name="Quiz")], "0.name"),
    "spaces": ([command(name="a quiz")], "0.name"),
    "long name": ([command(name="x" * 33)], "0.name"),
    "no description": ([command(description="")], "0.description"),
    "long description": ([command(description="x" * 101)], "0.description"),
    "26 options": ([command(options=[option(f"o{n}") for n in range(26)])], "0.options"),
    "26 choices": (
        [command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])])],
        "0.options.0.choices",
    ),
    "long choice": (
        [command(options=[option(choices=[{"name": "x" * 101, "value": "1"}])])],
        "0.options.0.choices.0.name",
    ),
    "required last": ([command(options=[option("a"), option("b", required=True)])], "0.options.1"),
    "101 commands": ([command(name=f"c{n}") for n in range(101)], ""),
    "twice": ([command(), command()], "1"),
    "mixed": ([command(options=[option(), {**option("sub"), "type": 1}])], "0.options"),
}


async def test_commands_beyond_the_limits_are_refused_and_change_nothing():
    async with talking(commands=[command()]) as (server, bot, _, _):
        for name, (bad, place) in COMMANDS.items():
            server.refused.clear()
            with pytest.raises(discord.HTTPException) as refused:
                await bot.http.bulk_upsert_global_commands(bot.application_id, bad)
            assert refused.value.code == 50035, name
            assert list(paths(server.refused[0].errors)) == [place], name
        assert [one["name"] for one in server.commands] == ["quiz"]
