"""``milepost content preview``: the page opens on a pack, and what can't be shown is one sentence."""

import tempfile

import pytest

from tests.support.authoring import asked


@pytest.fixture
def preview(milepost, started, monkeypatch):
    """Run a preview that is stopped as soon as it waits."""

    async def at_once(_stop):
        """Ctrl+C, as soon as it waits for it."""

    monkeypatch.setattr("milepost.cli.run._wait_for", at_once)
    monkeypatch.setattr("webbrowser.open", lambda _address: None)
    asked(milepost)
    return lambda *words: milepost("content", "preview", *words)


@pytest.mark.parametrize("question", [(), ("--question", "fractions-half-two-thirds")])
def test_the_address_is_told_and_nothing_is_left(preview, monkeypatch, tmp_path, question):
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    ran = preview("fractions", *question)
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == "Fractions is shown. Open this address. Ctrl+C stops it."
    assert ran.out.splitlines()[1].startswith("http://127.0.0.1:")
    assert list(place.iterdir()) == []


def test_the_folder_may_be_the_one_that_we_are_in(preview, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path / "fractions")
    assert preview().code == 0


def test_a_question_that_is_not_there_is_refused_with_the_nearest(preview):
    said = preview("fractions", "--question", "fractions-half-two-third").complaint
    assert said == (
        "The pack has no question fractions-half-two-third. Did you mean 'fractions-half-two-thirds'?"
    )


def test_a_folder_without_a_pack_is_refused(preview, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "empty isn't the folder of a pack: it has no pack.yaml." in preview("empty").complaint
