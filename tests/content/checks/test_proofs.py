"""Proofs that confirm a key, and proofs that don't."""

import os
import sqlite3

import pytest

from bot.domain.questions.matching import judge
from content.checks.experiments import Bench
from content.checks.proofs import Evidence, Outcome, State, evidence_of, prove
from content.checks.sandbox import Sandbox
from content.model import parse_question
from tests.content.conftest import a_question

POSTGRES = os.environ.get("MILEPOST_TEST_POSTGRES_URL")


def asked(**changes):
    return parse_question(a_question("asked") | changes)


def with_code(source, key="`42`", **changes):
    question = a_question("asked") | changes
    question["code"]["source"] = source
    question["options"][0]["text"] = key
    return parse_question(question)


def with_proof(proof, kind="run"):
    return asked(verify={"kind": kind, "proof": proof})


def with_query(query, key, **verify):
    question = with_code("x", key)
    verify = {"kind": "sql", "query": query} | verify
    return parse_question(question.model_dump() | {"verify": verify})


def outcome(question, **bench):
    return prove(question, Bench(judge, **bench))


def failure(question, **bench):
    result = outcome(question, **bench)
    assert result.state is State.FAILED
    return result.detail


def test_code_that_prints_the_key_proves_it():
    assert outcome(asked()).state is State.HELD


def test_code_that_prints_another_option_does_not():
    assert failure(with_code("print(41)")) == "the code prints '41', the key says '42'"


def test_code_that_prints_what_a_distractor_says_too_does_not():
    question = a_question("asked")
    question["options"][1]["text"] = "```\n42\n```"
    detail = failure(parse_question(question))
    assert detail == "the code prints what the wrong option 'low' says too"


def test_several_lines_may_stand_in_a_block():
    assert outcome(with_code("print(1)\nprint(2)", "```text\n1\n2\n```")).state is State.HELD


def test_code_that_fails_does_not_even_when_it_printed_the_key():
    detail = failure(with_code("print(42)\n1 / 0"))
    assert detail == "the script ends with status 1: ZeroDivisionError: division by zero"


def test_code_whose_output_hangs_on_the_hash_seed_does_not():
    source = "print(sorted('abcdefgh', key=hash))"
    assert failure(with_code(source)).startswith("the output changes with the hash seed")


def test_code_that_runs_for_ever_does_not():
    assert failure(with_code("while True: pass"), sandbox=Sandbox(0.3)) == "it took longer than 0.3 s"


def test_a_script_that_finds_the_key_proves_it():
    proof = "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as out: exec(code)\n"
    proof += "for each in options:\n    if each == out.getvalue().strip(): print(each)"
    assert outcome(with_proof(proof)) == Outcome("asked", "run", State.HELD)


def test_ids_in_place_of_texts_are_refused_with_advice():
    result = outcome(with_proof("print('sum')"))
    assert result.detail == "the proof prints 'sum': not the text of an option"
    assert result.hint.startswith("These are ids, which no learner reads: print texts")


@pytest.mark.parametrize(("key", "held"), [("sum", True), ("low", False)])
def test_a_proof_bound_to_texts_notices_that_two_of_them_were_exchanged(key, held):
    question = a_question("asked") | {"verify": {"kind": "run", "proof": "print(eval('40 + 2'))"}}
    texts = {each["id"]: each["text"] for each in question["options"]}
    for option in question["options"]:
        option["text"] = texts[{key: "sum", "sum": key}.get(option["id"], option["id"])]
    assert (outcome(parse_question(question)).state is State.HELD) is held


CLAIMS = {"`42`": "a", "`41`": "b", "`52`": "c", "402": "d"}


@pytest.mark.parametrize(("word", "detail"), [("a", ""), ("b", "the proof finds 'b', the key is 'a'")])
def test_words_of_claims_stand_for_the_texts_that_they_are_in(word, detail):
    verify = {"kind": "run", "proof": f"print('{word}')", "claims": CLAIMS}
    assert outcome(asked(verify=verify)).detail == detail


def test_a_text_that_has_a_word_is_not_recognised_as_itself():
    verify = {"kind": "run", "proof": "print('42')", "claims": CLAIMS}
    assert failure(asked(verify=verify)) == "the proof prints '42': not the word of a claim"


def test_claims_that_do_not_fit_are_told_before_anything_runs():
    verify = {"kind": "run", "proof": "1 / 0", "claims": CLAIMS | {"402": "a"}}
    result = outcome(asked(verify=verify))
    assert (result.detail, result.key) == ("two claims share the word 'a'", "claims")


@pytest.mark.parametrize(
    ("script", "detail"),
    [
        ("print(41)", "the proof finds '41', the key is '42'"),
        ("print(42); print(41)", "the proof finds '41', '42', the key is '42'"),
        ("pass", "the proof finds nothing, the key is '42'"),
        ("print('sum', 'summ')", "the proof prints 'sum summ': not the text of an option"),
        ("import nothing_of_the_kind.x", "nothing_of_the_kind is not installed"),
        (
            "import asyncio.nothing",
            ("the script ends with status 1: ModuleNotFoundError: No module named 'asyncio.nothing'"),
        ),
    ],
)
def test_a_script_that_finds_anything_else_does_not(script, detail):
    result = outcome(with_proof(script))
    assert result.state is not State.HELD
    assert detail in (result.detail, result.not_run_here)


def test_a_framework_that_is_not_installed_is_not_a_failure():
    result = outcome(with_proof("import nothing_of_the_kind", kind="http"))
    assert result.state is State.NOT_RUN
    assert result.not_run_here == "nothing_of_the_kind is not installed"


def test_nor_is_one_that_another_framework_misses():
    script = (
        "try:\n    import nothing_of_the_kind\n"
        "except ImportError as error:\n    raise RuntimeError('install it') from error"
    )
    assert outcome(with_proof(script, kind="http")).state is State.NOT_RUN


def test_what_a_person_read_is_not_verified():
    assert outcome(asked(verify={"kind": "doc"})).state is State.BY_READING


def test_rows_that_are_the_key_prove_it():
    setup = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, NULL), (2, 'x');"
    question = with_query("SELECT * FROM t", "```\n1 | NULL\n2 | x\n```", setup=setup)
    assert outcome(question).state is State.HELD


def shown_sql(source, **verify):
    question = a_question("asked") | {"verify": {"kind": "sql", "query": "SELECT 42"} | verify}
    question["code"] = {"language": "sql", "source": source}
    return parse_question(question)


@pytest.mark.parametrize(
    ("source", "setup", "state"),
    [
        ("SELECT\n  42;  -- the answer", "", State.HELD),
        ("SELECT 42 ", "SELECT count( * ) FROM (\n  SELECT 1\n);", State.HELD),
        ("CREATE TABLE t (a);\nSELECT 42", "CREATE TABLE t (a);", State.HELD),
        ("SELECT 43", "", State.FAILED),
    ],
)
def test_sql_that_is_shown_has_to_be_what_runs(source, setup, state):
    assert outcome(shown_sql(source, setup=setup)).state is state


@pytest.mark.parametrize(
    ("question", "evidence"),
    [
        (asked(), Evidence.PRINTED),
        (shown_sql("SELECT 42"), Evidence.PRINTED),
        (asked(verify={"kind": "sql", "query": "SELECT 42"}), Evidence.TRIED),
        (with_proof("print(42)", "http"), Evidence.TRIED),
        (asked(verify={"kind": "http", "proof": "print(42)", "modelled": True}), Evidence.MODELLED),
        (asked(verify={"kind": "doc"}), Evidence.READ),
    ],
)
def test_what_stands_behind_a_key(question, evidence):
    assert evidence_of(question) is evidence


def test_other_rows_do_not():
    assert failure(with_query("SELECT 41", "`42`")) == "sqlite answers '41', the key says '42'"


def test_a_statement_that_sqlite_refuses_does_not():
    detail = failure(with_query("SELECT absent", "`42`"))
    assert detail == "SQLite says sqlite3.OperationalError: no such column: absent"


def test_a_query_that_runs_for_ever_does_not():
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    assert "longer than" in failure(with_query(query, "`1`"), sandbox=Sandbox(0.3))


def test_without_postgresql_its_proof_is_not_run():
    result = outcome(with_query("SELECT 42", "`42`", engines=["postgresql"]))
    assert result.state is State.NOT_RUN
    assert result.not_run_here == "PostgreSQL: no URL is given"


def test_sqlite_alone_proves_but_the_other_engine_is_mentioned():
    result = outcome(with_query("SELECT 42", "`42`", engines=["sqlite", "postgresql"]))
    assert result.state is State.PARTLY
    assert result.engines == ("sqlite",)
    assert result.not_run_here == "PostgreSQL: no URL is given"


def test_a_postgresql_that_does_not_answer_is_not_a_failure():
    question = with_query("SELECT 42", "`42`", engines=["postgresql"])
    result = outcome(question, postgres_url="postgresql://localhost:1/none")
    assert result.state is State.NOT_RUN
    assert "PostgreSQL: connection failed" in result.not_run_here


@pytest.mark.parametrize("password", ["pa%ssword9", "pass/word9", "1234/password9", "x@password9"])
@pytest.mark.parametrize("start", ["postgresql://u:", "postgresql+psycopg://u:", "postgresql:/u:"])
def test_an_address_that_cannot_be_read_is_told_without_its_password(start, password):
    question = with_query("SELECT 42", "`42`", engines=["postgresql"])
    said = failure(question, postgres_url=f"{start}{password}@127.0.0.1:1/d")
    assert said.startswith(
        "the address of PostgreSQL can't be read: write it like postgresql://USER:PASSWORD@"
    )


@pytest.mark.skipif(POSTGRES is None, reason="MILEPOST_TEST_POSTGRES_URL is not set")
@pytest.mark.parametrize(
    ("setup", "query", "key", "state"),
    [
        (
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1);",
            "SELECT a, NULL FROM t",
            "`1 | NULL`",
            "held",
        ),
        ("CREATE TABLE t (a int);", "INSERT INTO t VALUES (7) RETURNING a % 5", "`2`", "held"),
        ("", "SELECT 41", "`42`", "failed"),
        ("", "SELECT absent", "`42`", "failed"),
        ("", "SELECT pg_sleep(60)", "`42`", "failed"),
        ("SET statement_timeout = 0", "SELECT pg_sleep(60)", "`42`", "failed"),
        ("", "SELECT generate_series(1, 1000000)", "`42`", "failed"),
    ],
)
def test_proofs_on_postgresql(setup, query, key, state):
    question = with_query(query, key, setup=setup, engines=["postgresql"])
    assert outcome(question, postgres_url=POSTGRES, sandbox=Sandbox(3)).state == state


def test_the_sqlite_here_is_the_one_that_answers():
    assert outcome(with_query("SELECT sqlite_version()", f"`{sqlite3.sqlite_version}`")).state is State.HELD
