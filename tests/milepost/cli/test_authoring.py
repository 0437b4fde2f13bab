"""``milepost content new``: a pack written by answers, and folders that nothing can be added to."""

from bot.domain.questions.matching import judge
from content.checks import check_pack
from content.loader import load_pack
from tests.support.authoring import NEW_PACK, asked, questions


def test_a_pack_and_its_first_question_load_and_have_no_error(milepost, started, tmp_path):
    ran = asked(milepost, "--feedback", "You halved twice.", "--hint", "Halve the 2.")
    assert ran.code == 0, ran.err
    assert "milepost content preview fractions --question fractions-half-two-thirds" in ran.out
    [question] = questions(tmp_path)
    assert question["options"][0] == {"id": "1-3", "text": "1/3", "correct": True}
    assert question["options"][1] == {"id": "1-6", "text": "1/6", "feedback": "You halved twice."}
    folder = tmp_path / "fractions"
    report = check_pack(load_pack(folder), folder, judge)
    assert [str(each) for each in report.errors] == []


def test_the_lock_gets_the_ids_and_loses_none(milepost, started, tmp_path):
    lock = tmp_path / "fractions/ids.lock"
    lock.write_text(lock.read_text() + "question fractions-half-two-thirds retired\n")
    asked(milepost)
    assert lock.read_text().splitlines() == [
        "question fractions-half-two-thirds retired",
        "question fractions-half-two-thirds-2 active",
        "step fractions-step active",
        "topic fractions active",
    ]


def test_saying_no_at_the_end_writes_nothing(typed, tmp_path):
    lines = ["Fractions", "", "Add, halve and compare.", "", "n"]
    ran = typed("pack", "fractions", lines=lines)
    assert "Nothing was written." in ran.err
    assert not (tmp_path / "fractions").exists()


def test_a_folder_that_is_no_pack_is_refused(milepost, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    ran = milepost("content", "new", "question", "elsewhere")
    assert "elsewhere isn't the folder of a pack: it has no pack.yaml." in ran.err
    assert "milepost content new pack elsewhere" in ran.err


def test_a_name_that_is_too_long_is_refused(milepost):
    assert "isn't the folder of a pack" in milepost("content", "new", "question", "n" * 300).err


def test_a_broken_pack_is_named_with_file_and_line(milepost, started, tmp_path):
    file = tmp_path / "fractions/roadmap.yaml"
    file.write_text(file.read_text().replace("goal:", "gaol:"))
    assert "roadmap.yaml:5: unknown key 'gaol'. Did you mean 'goal'?" in asked(milepost).err


def test_a_pack_is_never_written_over_another(milepost, started):
    ran = milepost("content", "new", "pack", "fractions", *NEW_PACK)
    assert ran.code == 2
    assert "is there already" in ran.err


def test_a_name_without_latin_letters_is_refused(milepost):
    assert "has no Latin letter in its name" in milepost("content", "new", "pack", "дроби", *NEW_PACK).err


def test_where_nothing_can_be_written_nothing_is_left(milepost, started, tmp_path):
    (tmp_path / "fractions/questions").write_text("a file in the place of the folder")
    before = sorted(tmp_path.rglob("*"))
    ran = asked(milepost)
    assert ran.code == 2
    assert "questions" in ran.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_refuses_is_told_and_nothing_is_changed(milepost, started, tmp_path, monkeypatch):
    def refuses(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("content.writing.draft.write_whole", refuses)
    assert "can't be written in: Permission denied. Nothing was changed." in asked(milepost).err


def test_a_step_comes_at_the_end_of_the_roadmap_and_takes_the_topics_that_follow(
    milepost, started, tmp_path
):
    words = ("--title", "Decimal fractions", "--topic", "Tenths", "--goal", "Read and write tenths.")
    assert milepost("content", "new", "step", "fractions", *words).code == 0
    assert milepost("content", "new", "topic", "fractions", "--title", "Hundredths").code == 0
    for topic in ("fractions", "tenths", "hundredths"):
        asked(milepost, "--topic", topic)
    first, second = load_pack(tmp_path / "fractions").roadmap.steps
    assert [topic.id for topic in first.topics] == ["fractions"]
    assert (second.id, [topic.id for topic in second.topics]) == (
        "decimal-fractions",
        ["tenths", "hundredths"],
    )


def test_a_folder_with_the_name_of_an_id_gives_the_pack_that_id(milepost, tmp_path):
    ran = milepost("content", "new", "pack", "halves-and-thirds", *NEW_PACK, "--step", "Halves")
    assert ran.code == 0, ran.err
    assert "id: halves-and-thirds\n" in (tmp_path / "halves-and-thirds/pack.yaml").read_text()
    assert "title: Halves\n" in (tmp_path / "halves-and-thirds/roadmap.yaml").read_text()


def test_a_topic_comes_at_the_end_of_the_roadmap(milepost, started, tmp_path):
    assert milepost("content", "new", "topic", "fractions", "--title", "Decimals").code == 0
    asked(milepost, "--topic", "fractions")
    assert asked(milepost, "--topic", "decimals").code == 0
    assert [topic.id for topic in load_pack(tmp_path / "fractions").topics] == ["fractions", "decimals"]
