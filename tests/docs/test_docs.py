"""The docs say what is there: tables, links, named files, commands, settings, examples."""

import importlib.util
import re
from pathlib import Path

import pytest

import adapters
from bot.domain.questions.matching import judge
from bot.handlers import all_routes
from content import model
from content.checks import check_pack
from content.kinds.base import ChoiceQuestion, QuestionBase
from content.kinds.typed import TypedQuestion
from content.loader import load_pack
from milepost.settings import ProgramSettings, variables

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
OURS = [page for page in PAGES if page.name != "streaks.md"]
CONTENT_PAGE = (ROOT / "docs/content.md").read_text("utf-8")
AWAITED = {"docs/pictures/playground.png"}
"""Made by a browser, not by hand: the page may be read before the picture is taken."""

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(
    r"`([\w./-]+\.(?:py|md|toml)|(?:bot|content|storage|adapters|tests|docs|bench|deploy|requirements)/[\w./-]*)`"
)
EXAMPLE = re.compile(
    r"^\*\*`first-pack/(?P<name>.+?)`\*\*\n\n```\w*\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)
NOT_IN_FILES = {model.Pack, QuestionBase, ChoiceQuestion, TypedQuestion}


def named(page):
    return page.relative_to(ROOT).as_posix()


def prose(page):
    return FENCE.sub("", page.read_text("utf-8"))


@pytest.fixture(scope="module")
def tables():
    spec = importlib.util.spec_from_file_location("docs_tables", ROOT / "docs/tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_in_step_with_the_code(tables, capsys):
    assert tables.main(["--check"]) == 0, capsys.readouterr().err


def test_the_check_names_a_page_that_is_not(tables, tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("<!-- made by docs/tables.py: settings -->\nold\n<!-- end of settings -->\n", "utf-8")
    monkeypatch.setattr(tables, "PAGES", (page,))
    monkeypatch.setattr(tables, "ROOT", tmp_path)
    assert tables.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("page.md is out of step")
    assert tables.main([]) == 0
    assert "MILEPOST_DATABASE_URL" in page.read_text("utf-8")
    assert tables.main(["--check"]) == 0


def test_an_unknown_table_is_named(tables):
    with pytest.raises(tables.OutOfStepError, match="no table weather"):
        tables.renewed("<!-- made by docs/tables.py: weather -->\n<!-- end of weather -->")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_within_the_project_leads_somewhere(page):
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if named(file) not in AWAITED:
            assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


MADE = re.compile(r"^make new-(?:command|platform) NAME=(\w+)$", re.MULTILINE)
"""Command with which a tutorial generates files; their paths contain the name."""

LIBRARIES = {"discord.py"}
"""Names that look like those of files."""


@pytest.mark.parametrize("page", OURS, ids=named)
def test_every_file_that_is_named_exists(page):
    names = {path.name for path in ROOT.rglob("*") if ".venv" not in path.parts}
    made = MADE.findall(page.read_text("utf-8"))
    for name in set(FILE.findall(prose(page))) - LIBRARIES:
        if any(each in name for each in made):
            continue
        beside = [ROOT / name, page.parent / name, ROOT / "bot" / name]
        assert any(path.exists() for path in beside) or ("/" not in name and name in names), name


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_place_of_one_machine_or_a_registry(page):
    text = page.read_text("utf-8")
    assert re.findall(r"(?<![\w.])/(?:work|tmp|home|root|Users)/|pypi|npmjs", text, re.IGNORECASE) == []


def test_every_command_is_mentioned():
    pages = "".join(page.read_text("utf-8") for page in OURS)
    commands = [command for command in all_routes().commands.values() if not command.hidden]
    assert [command.name for command in commands if f"`{command.usage}`" not in pages] == []


def test_every_setting_is_mentioned():
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    kinds = [ProgramSettings, *(adapters.load(name).Settings for name in adapters.names())]
    wanted = [variable for kind in kinds for variable in variables(kind)]
    assert [variable for variable in wanted if f"`{variable}`" not in page] == []


def models(base=model.ContentModel):
    """Every type that a file can have in it."""
    for kind in base.__subclasses__():
        yield from () if kind in NOT_IN_FILES else (kind,)
        yield from models(kind)


@pytest.mark.parametrize("kind", [QuestionBase, *models()], ids=lambda kind: kind.__name__)
def test_every_field_of_a_pack_is_explained(kind):
    name = "Question" if kind is QuestionBase else kind.__name__
    section = re.search(rf"^### {name}\b.*?(?=^##)", CONTENT_PAGE, re.MULTILINE | re.DOTALL)
    assert section, f"docs/content.md has no section {name}"
    table = re.search(r"^\| field .*?(?:\n\n|\Z)", section[0], re.MULTILINE | re.DOTALL)[0]
    cells = " ".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    fields = {field.alias or each for each, field in kind.model_fields.items()}
    if kind is QuestionBase:
        fields.add("type")
    elif issubclass(kind, QuestionBase):
        inherited = QuestionBase.model_fields.items()
        same = {each for each, field in inherited if kind.model_fields[each].annotation == field.annotation}
        fields -= same | {"type"}
    assert set(re.findall(r"`(\w+)`", cells)) == fields


def test_the_example_pack_loads_and_has_nothing_against_it(tmp_path):
    folder = tmp_path / "first-pack"
    for match in EXAMPLE.finditer(CONTENT_PAGE):
        file = folder / match["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(match["text"], "utf-8")
    pack = load_pack(folder)
    report = check_pack(pack, folder, judge)
    assert [str(finding) for finding in report.findings] == []
    assert report.verified == len(pack.questions["missing-values"]) == 3


@pytest.mark.asyncio
async def test_the_example_of_the_harness_passes(tmp_path):
    page = (ROOT / "docs/developers.md").read_text("utf-8")
    source = re.search(r"```python\n(import pytest\n.*?)^```", page, re.MULTILINE | re.DOTALL)[1]
    names = {}
    exec(source, names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    await test(tmp_path)
