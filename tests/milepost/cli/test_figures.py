"""The figures of a pack as lines."""

from milepost.cli.figures import rows

STATS = {
    "topics": 2,
    "questions": 8,
    "prompts": 2,
    "challenges": 1,
    "verified": 6,
    "tried": 0,
    "not_run": 1,
    "evidence": {"printed": 4, "tried": 2},
    "proven_on": {"sqlite": 2},
    "composition": {
        "kinds": {"single": 6, "multi": 2},
        "shows": {"code": 4},
        "shares": {"constructed": 0.125},
        "levels": {"basics": {"bloom": {"apply": 8}, "difficulty": {"1": 3, "2": 5}}},
        "per_topic": {"many": 5, "few": 3},
        "bias": {"key at a": 0.25},
        "cases": 1,
        "claims_uncorrected": ["one", "two"],
    },
}


def test_each_group_has_its_rows():
    lines = list(rows(STATS))
    assert lines[:2] == ["topics                       2", "questions                    8"]
    assert "Kinds" in lines
    assert "  single                       6   75%" in lines
    assert "  printed                      4   50%" in lines
    assert "  sqlite                       2" in lines
    assert "  constructed              12.5%" in lines
    assert "  difficulty              1:3 2:5" in lines
    assert lines.index("  few                          3") < lines.index("  many                         5")
    assert "  claims not put right         2" in lines
