"""Projects with starter files: their tests pass and fail where they should, on copies."""

import pytest

TESTS = """\
import unittest

import work


class TestStarter(unittest.TestCase):
    def test_it_is_there(self):
        self.assertTrue(callable(work.answer))


class TestWork(unittest.TestCase):
    def test_it_answers(self):
        self.assertEqual(work.answer(), 42)
"""
DONE = "def answer():\n    return 42\n"
FOLDER = "challenges/basics/basics-project"


@pytest.fixture
def project(tiny):
    """The tiny pack's challenge with two starter files, tests and a solution."""
    tiny.challenge["starter_files"] = ["work.py", "test_work.py"]
    tiny.challenge["checks"] = {
        "first": "python -m unittest test_work.TestStarter",
        "run": "python -m unittest test_work",
    }
    tiny.files |= {
        f"{FOLDER}/starter/work.py": "def answer():\n    raise NotImplementedError\n",
        f"{FOLDER}/starter/test_work.py": TESTS,
        f"{FOLDER}/solution/work.py": DONE,
    }
    return tiny


def found(tiny):
    return [each.message for each in tiny.check().findings if each.check == "try"]


def test_a_starter_that_is_to_be_completed_and_a_solution_that_is_complete(project):
    report = project.check()
    assert [each for each in report.findings if each.check == "try"] == []
    assert report.tried == 1


def test_a_first_check_that_fails_on_the_starter_is_an_error(project):
    project.challenge["checks"]["first"] = "python -m unittest test_work"
    [message] = found(project)
    assert message.startswith("basics-project: on the starter, `python -m unittest test_work` ends with")


def test_tests_that_pass_before_anything_is_done_are_an_error(project):
    project.files[f"{FOLDER}/starter/work.py"] = DONE
    [message] = found(project)
    assert "passes on the starter, where nothing is done yet" in message


def test_the_first_failure_on_the_starter_is_enough(project):
    slow = "\n    def test_later(self):\n        import time\n        time.sleep(600)\n"
    project.files[f"{FOLDER}/starter/test_work.py"] = TESTS + slow
    del project.files[f"{FOLDER}/solution/work.py"]
    assert found(project) == ["no solution shows that the tests can pass"]


def test_a_solution_that_does_not_pass_is_an_error(project):
    project.files[f"{FOLDER}/solution/work.py"] = DONE.replace("42", "43")
    [message] = found(project)
    assert message.startswith("basics-project: on the solution, ")


def test_without_a_solution_nothing_shows_that_the_tests_can_pass(project):
    del project.files[f"{FOLDER}/solution/work.py"]
    assert found(project) == ["no solution shows that the tests can pass"]


def test_what_the_tests_need_and_is_not_here_is_noted(project):
    project.challenge["checks"]["needs"] = ["no-such-program"]
    [note] = [each for each in project.check().notes if each.check == "try"]
    assert note.message == "basics-project: the try did not run here (it needs no-such-program)"


def test_a_command_names_a_starter_file(project):
    project.challenge["checks"]["first"] = "true"
    assert found(project) == ["the command names none of the starter files"]


def test_a_file_that_is_not_handed_out_is_a_warning(project):
    project.files[f"{FOLDER}/starter/notes.txt"] = "left behind"
    assert found(project) == ["notes.txt is in the folder of the starter and isn't handed out"]


def test_starter_files_are_loaded_with_the_pack(project):
    starter = project.load().starters["basics-project"]
    assert [file.name for file in starter] == ["work.py", "test_work.py"]
    assert starter[1].text == TESTS


def test_a_starter_file_that_is_not_there_keeps_the_pack_from_loading(project, line_of):
    del project.files[f"{FOLDER}/starter/work.py"]
    line = line_of_name(project, line_of)
    assert project.problems() == [f"{FOLDER}.yaml:{line}: {FOLDER}/starter/work.py: the file is missing"]


@pytest.mark.parametrize(
    ("text", "said"), [("x" * 12_001, "the file has more than 12,000 characters"), ("", "")]
)
def test_a_starter_file_has_a_limit(project, text, said):
    project.files[f"{FOLDER}/starter/work.py"] = text
    if said:
        [problem] = project.problems()
        assert said in problem
    else:
        assert project.load().starters["basics-project"][0].text == ""


def line_of_name(project, line_of):
    project.write()
    return line_of(f"{FOLDER}.yaml", "- work.py")
