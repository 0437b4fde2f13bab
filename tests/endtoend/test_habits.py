"""Workflows, hooks, forms and editor settings: each parses, and says what the project says elsewhere."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import adapters
from tests.endtoend.running import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted(
    set((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")) - {ROOT / ".github/ISSUE_TEMPLATE/config.yml"}
)
YAML = sorted(
    [*ROOT.glob("*.yaml"), *ROOT.glob(".*.yaml"), *(ROOT / ".github").rglob("*.yml"), *ROOT.glob(".*.yml")]
)
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def named(path):
    return path.relative_to(ROOT).as_posix()


def read(path):
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def steps(workflow):
    return [step for job in read(workflow)["jobs"].values() for step in job["steps"]]


def hooks():
    return [hook for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]


@pytest.mark.parametrize("path", YAML, ids=named)
def test_every_yaml_file_is_a_mapping_without_repeated_keys(path):
    def look_at(node):
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys)), f"repeated key in {keys}"
        for child in node.value if isinstance(node.value, list) else ():
            for part in child if isinstance(child, tuple) else (child,):
                look_at(part)

    tree = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    assert isinstance(tree, yaml.MappingNode)
    look_at(tree)


def test_there_are_workflows_hooks_and_forms():
    assert {path.name for path in WORKFLOWS} == {"release.yml", "tests.yml"}
    assert {path.name for path in FORMS} == {"bug.yml", "content.yml", "feature.yml"}
    assert len(hooks()) >= 4


def test_the_tests_run_on_every_python_that_is_promised():
    promised = [
        found[1]
        for line in PROJECT["project"]["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))
    ]
    assert read(".github/workflows/tests.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == promised
    assert PROJECT["project"]["requires-python"] == f">={promised[0]}"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + promised[0].replace(".", "")
    minors = [int(version.partition(".")[2]) for version in promised]
    assert minors == list(range(minors[0], minors[-1] + 1)), "a version is left out"


def test_a_workflow_runs_what_ci_runs():
    wanted = set(re.findall(r"^make ([a-z-]+)", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE))
    runs = "\n".join(step.get("run", "") for step in steps(".github/workflows/tests.yml"))
    assert wanted == {"check", "test"}
    assert wanted <= set(re.findall(r"\bmake ([a-z-]+)", runs))
    assert "PIP_VERSION=" in runs
    assert ".ci/system-packages" in runs
    assert ".ci/system-packages" in (ROOT / ".ci/run").read_text("utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_may_read_and_nothing_else(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    triggers = workflow[True]  # YAML 1.1 takes `on` for a truth value
    assert "pull_request_target" not in triggers
    assert not any("permissions" in job for job in workflow["jobs"].values())
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    assert "secrets." not in path.read_text("utf-8")
    for step in steps(path):
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
        # What a stranger can name, such as a branch, must not become a command.
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_an_action_is_pinned_to_a_commit_with_its_version_beside(path):
    used = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert used
    for line in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_has_one_version():
    used = {use for path in WORKFLOWS for use in re.findall(r"uses: (\S+)", path.read_text("utf-8"))}
    assert len(used) == len({use.partition("@")[0] for use in used})


def test_every_target_that_a_file_names_exists():
    files = [
        *WORKFLOWS,
        ROOT / ".pre-commit-config.yaml",
        ROOT / ".devcontainer/devcontainer.json",
        ROOT / ".ci/run",
    ]
    files += [*(ROOT / ".github").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    files.remove(ROOT / "docs/texts.md")  # it has what people are shown, such as “make one with …”
    told = re.compile(r"(?:`|^|[\"“]|run: |\$\()make (?:--silent )?([a-z-]+)", re.MULTILINE)
    missing = {
        f"{named(f)}: make {name}"
        for f in files
        for name in told.findall(f.read_text("utf-8"))
        if name not in TARGETS
    }
    assert missing == set()


def test_dependabot_looks_where_there_is_something():
    ecosystems = {"github-actions": ".github/workflows", "docker": "deploy/Dockerfile"}
    updates = read(".github/dependabot.yml")["updates"]
    assert read(".github/dependabot.yml")["version"] == 2
    for update in updates:
        assert (ROOT / ecosystems[update["package-ecosystem"]]).exists()
        assert (ROOT / update["directory"].removeprefix("/")).is_dir()
        assert update["schedule"]["interval"] in {"daily", "weekly", "monthly"}


def test_a_hook_runs_what_make_check_runs():
    check = re.search(r"^check:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1].replace("$(BIN)", ".venv/bin")
    for hook in hooks():
        words = hook["entry"].replace(" --force-exclude", "")
        assert words in check, hook["id"]
        assert hook["language"] == "system"


@pytest.fixture
def checkout(tmp_path):
    """A folder with this environment as its ``.venv`` and this project's rules."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bot").mkdir()
    return tmp_path


@pytest.mark.parametrize("source", ["x = {'a':1}\n", "import os\n"])
def test_the_hooks_of_a_commit_refuse_or_mend_a_bad_file(checkout, source):
    (checkout / "bot/new.py").write_text(source, "utf-8")
    codes = [
        subprocess.run(
            [*hook["entry"].split(), "bot/new.py"], cwd=checkout, capture_output=True, check=False
        ).returncode
        for hook in hooks()
        if "pre-push" not in hook.get("stages", ())
    ]
    assert any(codes)
    assert "'a':1" not in (checkout / "bot/new.py").read_text("utf-8")


KINDS = {"checkboxes", "dropdown", "input", "markdown", "textarea"}


@pytest.mark.parametrize("path", FORMS, ids=named)
def test_a_form_is_one_that_the_forge_accepts(path):
    form = read(path)
    assert (
        {"name", "description", "body"} <= form.keys() <= {"name", "description", "title", "labels", "body"}
    )
    assert all(isinstance(form[key], str) and form[key] for key in ("name", "description"))
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert asked
    assert {field["type"] for field in form["body"]} <= KINDS
    for key in ("id", "label"):
        told = [field.get(key) or field["attributes"][key] for field in asked]
        assert len(told) == len(set(told))
    for field in asked:
        assert re.fullmatch(r"[a-z-]+", field["id"])
        options = field["attributes"].get("options", [])
        assert bool(options) == (field["type"] in {"checkboxes", "dropdown"})
        labels = [option["label"] if isinstance(option, dict) else option for option in options]
        assert all(isinstance(label, str) and label.casefold() != "none" for label in labels)
        assert len(labels) == len(set(labels))
        if field["type"] == "checkboxes":
            assert "validations" not in field
    assert any(field.get("validations", {}).get("required") for field in asked)


def test_a_bug_can_be_of_every_platform():
    (field,) = (
        each for each in read(".github/ISSUE_TEMPLATE/bug.yml")["body"] if each.get("id") == "platform"
    )
    assert set(adapters.names()) <= set(field["attributes"]["options"])


@pytest.mark.parametrize("path", [*FORMS, ROOT / ".github/pull_request_template.md"], ids=named)
def test_a_page_that_a_template_names_exists(path):
    names = re.findall(r"[\w./-]+\.md\b", path.read_text("utf-8"))
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_a_report_about_conduct_goes_where_a_weakness_goes():
    conduct, security = ((ROOT / name).read_text("utf-8") for name in ("CODE_OF_CONDUCT.md", "SECURITY.md"))
    for words in (
        "*Report a vulnerability*",
        "a maintainer then offers a channel",
        "within three working days",
    ):
        assert words in " ".join(conduct.split()), words
        assert words in " ".join(security.split()), words


def test_the_editor_is_told_what_the_linter_says():
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + (ROOT / ".editorconfig").read_text("utf-8"))
    assert parser["top"]["root"] == "true"
    assert parser["*.py"]["max_line_length"] == str(PROJECT["tool"]["ruff"]["line-length"])
    assert parser["Makefile"]["indent_style"] == "tab"


def test_every_text_keeps_what_the_editor_is_told():
    kept = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".js", ".css", ".html", ".j2", ""}
    skipped = {".venv", ".git", "__pycache__", "payloads"} | {path.name for path in ROOT.glob("*.egg-info")}
    broken = []
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts[:-1])
        tool_made = any(
            part.startswith(".") and part not in {".github", ".ci", ".devcontainer"} for part in parts
        )
        if (
            parts & skipped
            or tool_made
            or path.suffix not in kept
            or not path.is_file()
            or path.name == ".git"
        ):
            continue
        text = path.read_bytes()
        if (
            b"\r" in text
            or (text and not text.endswith(b"\n"))
            or re.search(rb"[ \t]+$", text, re.MULTILINE)
        ):
            broken.append(named(path))
    assert broken == []


def test_the_development_container_sets_the_project_up(tmp_path):
    told = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert told["image"].endswith(":3.11")
    assert (ROOT / told["onCreateCommand"]).stat().st_mode & 0o111, "not executable"
    make = told["postCreateCommand"].split()
    assert make == ["make", "setup"]
    for name in ("Makefile", "pyproject.toml", "requirements"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    stubs = tmp_path / "python"
    stubs.write_text(
        '#!/bin/sh\necho "$@" >> asked\n'
        'case "$*" in "-m venv "*) mkdir -p $3/bin; cp "$0" $3/bin/python;; esac\n'
    )
    stubs.chmod(0o755)
    ran = subprocess.run(
        [*make, f"PYTHON={stubs}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    asked = (tmp_path / "asked").read_text("utf-8")
    assert "--require-hashes --requirement requirements/dev.txt" in asked
    assert "--editable ." in asked
    again = subprocess.run([*make, "--question"], cwd=tmp_path, capture_output=True, check=False)
    assert again.returncode == 0, "a second set-up would install everything again"
    settings = told["customizations"]["vscode"]["settings"]
    for path in (settings["python.defaultInterpreterPath"], *settings["ruff.path"]):
        inside = Path(path.removeprefix("${containerWorkspaceFolder}/.venv"))
        assert (Path(sys.prefix) / inside.relative_to("/")).exists(), path


def test_what_make_was_given_steers_no_make_that_a_test_runs(tmp_path):
    told = tmp_path / "test_told.py"
    told.write_text(
        "import os\n\n\ndef test_told():\n"
        "    assert not {'MAKEFLAGS', 'MAKELEVEL', 'PIP_VERSION', 'VENV', 'GIT_DIR'} & {*os.environ}\n"
    )
    (tmp_path / "Makefile").write_text(
        f"test:\n\tGIT_DIR=elsewhere {sys.executable} -m pytest -q -p no:cacheprovider"
        f" -c {ROOT}/pyproject.toml -p tests.conftest {told}\n"
    )
    ran = subprocess.run(
        ["make", "test", f"VENV={tmp_path}", "PIP_VERSION=22.3"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MILEPOST_TEST_POSTGRES_URL": "postgresql://nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
