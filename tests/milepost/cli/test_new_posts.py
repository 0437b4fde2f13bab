"""The parts of a new prompt and of a new project."""

from content.loader import load_pack
from tests.support.authoring import LONG, asked


def test_a_prompt_and_a_project_can_be_added(milepost, started, tmp_path):
    asked(milepost)
    source = ("--source", "https://example.org/halves", "--source-title", "On halves")
    words = (
        "--title",
        "Halves",
        "--why",
        LONG,
        "--task",
        LONG,
        "--discuss",
        LONG,
        "--sketch",
        LONG,
        *source,
    )
    ran = milepost("content", "new", "prompt", "fractions", *words)
    assert ran.code == 0, ran.err
    words = ("--title", "A cake", "--summary", LONG, "--hours", "2-5", "--starter", LONG, "--alone", LONG)
    words += source
    several = {"milestone": 2, "acceptance": 5, "pitfall": 2, "stretch": 1}
    lists = [
        each
        for name, n in several.items()
        for k in range(n)
        for each in (f"--{name}", f"Part {k} of it is done.")
    ]
    ran = milepost("content", "new", "challenge", "fractions", *words, *lists)
    assert ran.code == 0, ran.err
    pack = load_pack(tmp_path / "fractions")
    assert [each.id for each in pack.active_prompts("fractions")] == ["fractions-prompt"]
    [prompt] = pack.active_prompts("fractions")
    [project] = pack.active_challenges("fractions-step")
    assert (project.id, project.hours.low, project.hours.high, project.days) == ("cake", 2, 5, 7)
    assert [each.day for each in project.milestones] == [4, 7]
    assert [each.references[0].title for each in (prompt, project)] == ["On halves", "On halves"]
