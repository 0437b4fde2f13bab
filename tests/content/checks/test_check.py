"""The whole check: what it runs, what it reports, and that it can fail."""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from bot.domain.questions.matching import judge
from content.checks import Severity, State, check_pack, content_stats, duplicates
from content.checks.check import _told
from content.checks.findings import Finding, Places
from content.errors import FILE_PROBLEMS, PACK_PROBLEMS
from tests.content.conftest import a_question


def test_a_good_pack_has_no_findings_and_all_its_proofs_hold(tiny):
    report = tiny.check()
    assert report.findings == report.notes == ()
    assert report.verified == len(report.outcomes) == 6


def test_progress_is_told_after_each_proof(tiny):
    told = []
    tiny.check(progress=lambda done, of: told.append((done, of)))
    assert told == [(number, 6) for number in range(1, 7)]


def test_programs_of_some_files_can_be_left_out(tiny):
    tiny.ints[0]["options"][0]["text"] = tiny.strings[0]["options"][0]["text"] = "`99`"
    report = tiny.check(only={"questions/ints.yaml"})
    assert [outcome.question for outcome in report.outcomes] == ["ints-2", "ints-3", "ints-4"]
    assert {error.file for error in report.errors} == {"questions/ints.yaml"}


def test_a_check_that_is_broken_off_leaves_the_rest_undone(tiny, monkeypatch):
    shutting_down, begun = threading.Event(), []

    class OneAtATime(ThreadPoolExecutor):
        def __init__(self, _):
            super().__init__(1)

        def shutdown(self, wait=True, *, cancel_futures=False):  # noqa: FBT002
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            shutting_down.set()
            super().shutdown(wait=wait)

    def prove(question, _):
        begun.append(question)
        if len(begun) > 1:
            shutting_down.wait()

    def break_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("content.checks.side_by_side.ThreadPoolExecutor", OneAtATime)
    monkeypatch.setattr("content.checks.check.prove", prove)
    with pytest.raises(KeyboardInterrupt):
        tiny.check(progress=break_off)
    assert len(begun) <= 2


def test_a_failing_proof_is_an_error_at_its_line(tiny, line_of):
    tiny.question["options"][0]["text"] = "`99`"
    report = tiny.check()
    line = line_of("questions/ints.yaml", "verify:")
    assert [str(error) for error in report.errors] == [
        f"questions/ints.yaml:{line}: error [proof]: ints-2: the code prints '42', the key says '99'"
    ]
    assert report.verified == 5


def test_a_proof_that_ignores_the_shown_code_is_an_error(tiny):
    tiny.question["verify"] = {"kind": "run", "proof": "print(40 + 2)"}
    [error] = tiny.check().errors
    assert error.message == "ints-2: the proof ignores the shown code"


def test_claims_that_do_not_fit_are_an_error_at_their_line(tiny, line_of):
    verify = {"kind": "run", "claims": {"`4": "it", "402": "text"}, "proof": "print(code and 'it')"}
    tiny.question["verify"] = verify
    [error] = tiny.check().errors
    assert error.line == line_of("questions/ints.yaml", "claims:")
    assert error.message == "ints-2: the claim '`4' is in 'sum', 'low', 'text'"
    assert error.hint == "Use words that are in the text of exactly one option, item or side of a pair."


def test_a_proof_that_is_not_run_is_reported_and_not_verified(tiny, line_of):
    proof = "import nothing_of_the_kind; code"
    tiny.question["verify"] = {"kind": "http", "proof": proof}
    report = tiny.check()
    assert report.findings == ()
    assert [outcome.question for outcome in report.not_run] == ["ints-2"]
    assert report.verified == 5
    line = line_of("questions/ints.yaml", "verify:")
    said = "ints-2: the proof did not run here (nothing_of_the_kind is not installed)"
    assert [str(note) for note in report.notes] == [f"questions/ints.yaml:{line}: note [proof]: {said}"]


def test_what_only_a_person_read_is_not_verified(tiny):
    tiny.question["verify"] = {"kind": "doc"}
    report = tiny.check()
    assert report.outcomes[0].state is State.BY_READING
    assert report.verified == 5


def test_only_active_questions_are_checked(tiny):
    for status, question in zip(("draft", "retired"), tiny.ints, strict=False):
        question["status"] = status
        question["options"][0]["text"] = "`all of the above`"
    report = tiny.check()
    assert report.errors == ()
    assert len(report.outcomes) == 4


def test_questions_that_are_all_alike_are_compared_and_told_up_to_a_limit(tiny, monkeypatch):
    tiny.ints[:] = [a_question(f"ints-{n}", 2) for n in range(200)]
    for question in tiny.ints:
        question["verify"] = {"kind": "doc"}
    compared = []
    ratio = duplicates.fuzz.ratio
    counted = SimpleNamespace(ratio=lambda *a, **k: (compared.append(1), ratio(*a, **k))[1])
    monkeypatch.setattr(duplicates, "fuzz", counted)
    found = [finding for finding in tiny.check().findings if finding.check == "duplicates"]
    assert len(found) == FILE_PROBLEMS
    assert found[0].message == "more problems follow"
    assert len(compared) <= PACK_PROBLEMS


def test_more_questions_than_are_compared_are_a_warning(tiny, monkeypatch):
    monkeypatch.setattr(duplicates, "MOST", 3)
    [warning] = [each for each in tiny.check().findings if each.check == "duplicates"]
    assert warning.message == "only the first 3 questions are compared with each other"


def test_no_check_tells_without_end(tiny):
    tiny.ints[:] = [a_question(f"ints-{n}", n) for n in range(60)]
    for question in tiny.ints:
        question |= {"verify": {"kind": "doc"}, "hints": ["See option A.", "Try option B."]}
    findings = [each for each in tiny.check().findings if each.check == "wording"]
    assert len(findings) == FILE_PROBLEMS


def test_warnings_never_take_the_place_of_an_error():
    warnings = [Finding("a", n, "odd", check="x", severity=Severity.WARNING) for n in range(200)]
    told = list(_told([*warnings, Finding("a", 1, "wrong", check="x")]))
    assert [str(each) for each in told if each.severity is Severity.ERROR] == ["a:1: error [x]: wrong"]
    assert len(told) == 1 + FILE_PROBLEMS


def test_what_a_platform_cannot_show_is_an_error(tiny):
    def rendered(question):
        if question.id == "strings-24":
            yield "the button is too long for Discord"

    [error] = tiny.check(rendered=rendered).errors
    assert error.check == "rendered"
    assert error.file == "questions/strings.yaml"


def test_a_postgresql_that_the_environment_names_is_used(tiny, monkeypatch):
    monkeypatch.setenv("MILEPOST_TEST_POSTGRES_URL", "postgresql://localhost:1/none")
    tiny.question["verify"] = {"kind": "sql", "query": "SELECT 42", "engines": ["sqlite", "postgresql"]}
    [outcome] = tiny.check().not_run
    assert outcome.state is State.PARTLY
    assert "connection failed" in outcome.not_run_here


def test_proofs_on_another_python_than_the_packs_are_a_warning(tiny):
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    tiny.pack["environment"] = {"python": "2.7"}
    [warning] = tiny.check().warnings
    assert warning.advice == f"the pack is written for Python 2.7, its proofs ran on {here}"


def test_findings_are_in_the_order_of_the_files(tiny):
    for questions in (tiny.strings, tiny.ints):
        for question in questions:
            question["options"][0]["feedback"] = "Correct."
    findings = tiny.check().findings
    places = [(finding.file, finding.line) for finding in findings]
    assert len(places) == 6
    assert places == sorted(places)


def test_a_file_that_has_gone_leaves_findings_without_a_line(tiny, tmp_path):
    pack = tiny.load()
    assert Places(pack, tmp_path).of_question("ints-2") == ("questions/ints.yaml", None)
    assert check_pack(pack, tmp_path, judge).errors[0].file == "ids.lock"


def test_swapped_keys_turn_every_kind_of_proof_red(tiny):
    tiny.ints[1]["verify"] = {"kind": "run", "proof": "print(code and 40 + 3)"}
    tiny.ints[2]["verify"] = {"kind": "sql", "query": "SELECT 44"}
    report = tiny.check()
    assert report.verified == report.tested.questions == 6
    assert report.tested.blind == ()


def test_a_check_that_cannot_fail_is_found_out(tiny, monkeypatch):
    monkeypatch.setattr("content.checks.keys._compare", lambda *_: None)
    report = tiny.check()
    assert len(report.tested.blind) == report.tested.mutants == 6 * 6
    assert "the proof does not notice that the texts of 'sum' and 'low' are exchanged" in str(
        report.errors[0]
    )


def test_changes_of_the_shown_code_are_tried_when_they_are_asked_for(tiny):
    tiny.question["verify"] = {"kind": "run", "proof": "exec(code)"}
    tiny.ints[1]["verify"] = {"kind": "run", "proof": "str(code); print(42 + 1)"}
    assert tiny.check().errors == ()
    report = tiny.check(change_code=True)
    [error] = report.errors
    assert error.message.startswith("ints-3: the proof does not notice that the shown code is changed, in ")
    assert report.tested.mutants > 6 * 6


def test_a_key_that_a_proof_prints_whatever_happens_is_an_error(tiny):
    tiny.question["verify"] = {"kind": "run", "proof": "exec(code, {'print': id})\nprint('42')"}
    [error] = tiny.check().errors
    assert (
        error.advice == "ints-2: the proof prints '42' whatever happens. Print what the experiment gives."
    )


def test_the_figures_of_a_pack(tiny):
    tiny.strings[0]["verify"] = {"kind": "doc"}
    tiny.strings[1]["status"] = "retired"
    tiny.strings[2]["corrects_article"] = True
    pack = tiny.load()
    stats = content_stats(pack, check_pack(pack, tiny.folder, judge))
    assert json.loads(json.dumps(stats)) == stats
    assert stats.pop("composition")["kinds"] == {"output": 5}
    assert stats == {
        "topics": 2,
        "questions": 5,
        "prompts": 2,
        "challenges": 1,
        "verified": 4,
        "tried": 0,
        "steps": {"basics": {"topics": 2, "questions": 5, "verified": 4}},
        "by_type": {"output": 5},
        "by_verify": {"run": 4, "doc": 1},
        "verified_by_kind": {"run": 4},
        "evidence": {"printed": 4, "tried": 0, "modelled": 0, "read": 1},
        "proven_on": {},
        "not_run": 0,
        "corrects_article": 1,
        "key_positions": {"a": 5, "b": 0, "c": 0, "d": 0},
        "key_longest": 0,
    }
