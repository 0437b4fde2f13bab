"""The JSON Schemas: in step with the types, with every key explained."""

import json

import pytest

from content.schema import FOLDER, KINDS, schema_text
from tools import schemas


def test_the_committed_schemas_are_in_step_with_the_types_and_the_page():
    old = [path.name for path, text in schemas.made().items() if path.read_text("utf-8") != text]
    assert old == [], "run: make docs"
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{kind}.json" for kind in KINDS}


def each_object(schema):
    return [schema, *schema.get("$defs", {}).values()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained(kind):
    for each in each_object(json.loads(schema_text(kind))):
        for key, held in each.get("properties", {}).items():
            assert len(held["description"]) > 4, (each["title"], key)
            assert "see above" not in held["description"].lower()
            assert "as above" not in held["description"].lower()


def test_a_key_is_explained_by_the_first_table_of_its_section():
    page = (
        "### Code\n\n| `language` | it decides the colours; see Colours |\n\n| `language` | use it for |\n"
    )
    assert schemas.descriptions(page) == {("Code", "language"): "It decides the colours"}


def test_a_key_that_the_page_does_not_explain_is_named():
    with pytest.raises(schemas.UndescribedError, match=r"`questions` of QuestionFile"):
        schemas.schema("questions", {("QuestionFile", "topic"): "The topic."})


def test_an_unknown_kind_is_a_key_error():
    with pytest.raises(KeyError):
        schema_text("question")


def test_what_may_be_left_out_is_not_required():
    definitions = json.loads(schema_text("questions"))["$defs"]
    needed = {"id", "stem", "explanation", "type", "options"}
    assert set(definitions["SingleQuestion"]["required"]) == needed
    assert definitions["Option"]["required"] == ["id", "text"]
