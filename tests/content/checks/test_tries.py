"""Tries: what a task tells to run is run as it is written, and comes out as declared or is reported."""

import pytest

from content.checks.isolation import isolation
from content.checks.tries import missing_here, seconds_of, shell_commands
from content.model import Code, Prompt
from content.tries import TriedCommand, Try


def look(**changes):
    return {"run": "python shop.py", "prints": ["42"]} | changes


@pytest.fixture
def tried(tiny):
    """A prompt whose task says to save code and to run it, with a try that fits."""
    tiny.prompt |= {
        "task": "Save this as `shop.py`, run `python shop.py` and then type `1 / 0` at the Python prompt.",
        "code": {"language": "python", "source": "print(40 + 2)"},
        "tries": [{"saves": "shop.py", "steps": [look()]}],
    }
    return tiny


def found(tiny):
    return [each for each in tiny.check().findings if each.check == "try"]


def test_a_command_that_comes_out_as_declared_is_tried(tried):
    report = tried.check()
    assert report.tried == 1
    assert [each for each in report.findings if each.check == "try"] == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (look(prints=["43"]), "`python shop.py` doesn't print '43' but: 42"),
        (look(status=3), "`python shop.py` ends with status 0, not 3: 42"),
        ({"python": "1 / 0"}, "`1 / 0` ends with status 1, not 0: "),
    ],
)
def test_one_that_comes_out_otherwise_is_an_error(tried, line_of, step, said):
    tried.prompt["tries"][0]["steps"] = [look(), step]
    [error] = found(tried)
    assert error.message.startswith(f"ints-prompt: {said}")
    assert (error.file, error.severity) == ("prompts/ints.yaml", "error")
    assert error.line == line_of("prompts/ints.yaml", "saves: shop.py")


def test_changing_the_shown_code_turns_its_try_red(tried):
    tried.prompt["code"]["source"] = "print(40 + 3)"
    [error] = found(tried)
    assert "doesn't print '42' but: 43" in error.message


def test_changing_the_task_leaves_its_try_without_a_text(tried):
    tried.prompt["task"] = tried.prompt["task"].replace("python shop.py", "python store.py")
    warning, error = found(tried)
    assert error.message == "neither task nor answer says `python shop.py`"
    assert warning.message == "nothing tries `python store.py`"
    assert (error.severity, warning.severity) == ("error", "warning")


def test_a_file_that_the_task_does_not_name_is_an_error(tried):
    tried.prompt["tries"][0]["saves"] = "other.py"
    assert "the task doesn't name the file `other.py`" in [each.message for each in found(tried)]


def test_what_needs_something_that_is_not_here_is_noted_by_name(tried):
    tried.prompt["tries"][0]["needs"] = ["network", "no-such-program"]
    report = tried.check()
    assert report.tried == 0
    assert [each.message for each in report.notes if each.check == "try"] == [
        "ints-prompt: the try did not run here (it needs network, no-such-program)"
    ]


def test_drafts_are_not_tried(tried):
    tried.prompt["status"] = "draft"
    tried.prompt["tries"][0]["steps"] = [look(status=3)]
    assert found(tried) == []


@pytest.mark.skipif(isolation().why_open is not None, reason="servers need a network of their own")
def test_a_server_in_the_background_answers_the_next_command(tried):
    serve = "python -m http.server 8377 --bind 127.0.0.1"
    ask = "curl -si http://127.0.0.1:8377/shop.py"
    tried.prompt["task"] = f"Save this as `shop.py`. Run `{serve}` and, in a second terminal, `{ask}`."
    steps = [
        {"run": serve, "background": True, "prints": ["Serving"]},
        {"run": ask, "prints": ["200 OK", "40 + 2"]},
    ]
    tried.prompt["tries"] = [{"saves": "shop.py", "needs": ["curl"], "steps": steps}]
    assert found(tried) == []


def test_one_learner_keeps_files_names_and_tables_from_step_to_step(tried):
    tried.prompt["task"] = (
        "Type `n = 41`, then `n + 1`, at the Python prompt. In the database, `CREATE TABLE t (a)`, "
        "`INSERT INTO t VALUES (NULL)`, `SELECT a, 1 FROM t`, `SELECT b FROM t`. Then `cat note.txt`."
    )
    steps = [
        {"python": "n = 41"},
        {"python": "n + 1", "prints": ["42"]},
        {"sql": "CREATE TABLE t (a)"},
        {"sql": "INSERT INTO t VALUES (NULL)"},
        {"sql": "SELECT a, 1 FROM t", "prints": ["NULL | 1"]},
        {"sql": "SELECT b FROM t", "status": 1, "prints": ["no such column: b"]},
        {"run": "cat note.txt", "prints": ["from the set-up"]},
    ]
    tried.prompt["tries"] = [{"setup": ["echo from the set-up > note.txt"], "steps": steps}]
    assert found(tried) == []


def test_a_step_is_of_one_kind(tried):
    tried.prompt["tries"][0]["steps"] = [{"run": "ls .", "python": "1"}]
    assert any("give one of `run`, `python` and `sql`" in problem for problem in tried.problems())


def test_commands_are_told_from_other_code():
    task = "Run `curl -i localhost` and ``python -m\nhttp.server``, not `git`, `x = 1` or `SELECT 1`."
    code = {"language": "bash", "source": "set -e\npytest -q\n"}
    prompt = Prompt.model_construct(task=task, code=Code.model_construct(**code))
    assert shell_commands(prompt) == ["curl -i localhost", "python -m http.server", "pytest -q"]


def test_programs_and_modules_are_looked_for():
    assert missing_here(("json", "sh", "network")) == ["network"]
    assert missing_here(("no.such.module",)) == ["no.such.module"]


@pytest.mark.parametrize(("needs", "loads"), [([], False), (["pytest_asyncio"], True)])
def test_pytest_loads_installed_plugins_only_for_tries_that_need_one(tried, needs, loads):
    pytest.importorskip("pytest_asyncio")
    says = "echo ${PYTEST_DISABLE_PLUGIN_AUTOLOAD:-loads}"
    tried.prompt["task"] = f"Run `{says}`, see `shop.py`."
    step = {"run": says, "prints": ["loads" if loads else "1"]}
    tried.prompt["tries"] = [{"saves": "shop.py", "needs": needs, "steps": [step]}]
    assert found(tried) == []


@pytest.mark.skipif(isolation().why_open is not None, reason="only there sandboxes are shared")
def test_tries_meet_no_files_and_no_names_of_others(tried):
    tried.prompt["task"] = "Type `left = open('left', 'w')`, `ls | wc -l` and `'left' in globals()`."
    del tried.prompt["code"]
    looks = [{"run": "ls | wc -l", "prints": ["0"]}, {"python": "'left' in globals()", "prints": ["False"]}]
    tried.prompt["tries"] = [{"steps": [{"python": "left = open('left', 'w')"}]}, {"steps": looks}]
    assert found(tried) == []


def test_those_that_take_long_begin_first():
    slow, short = (Try(steps=(TriedCommand(run=each),)) for each in ("sleep 20; ls .", "ls ."))
    serving = Try(steps=(TriedCommand(run="python -m http.server", background=True),))
    assert seconds_of(slow) > seconds_of(serving) > seconds_of(short)
