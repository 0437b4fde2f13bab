"""A pack that is written by commands: what is answered, and what comes of it."""

import yaml

WHY = "Halve the upper number, or double the lower one: both make the whole half as large."
STEM = "Which of these is half of two thirds?"
NEW_PACK = ("--title", "Fractions", "--goal", "Add, halve and compare fractions.")
LONG = (
    "A sentence that says enough about it, and then a little more, so that it is long enough to be taken."
)


def asked(milepost, *more, stem=STEM):
    words = ("--stem", stem, "--right", "1/3", "--wrong", "1/6", "--wrong", "4/3", "--explanation", WHY)
    return milepost("content", "new", "question", "fractions", *words, *more)


def questions(tmp_path, topic="fractions"):
    return yaml.safe_load((tmp_path / "fractions/questions" / f"{topic}.yaml").read_text())["questions"]
