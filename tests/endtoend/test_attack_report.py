"""The report of ``make attack`` calls nothing held that was not tried."""

import pytest

from tests.attack import ATTACKS, ROOT, main, outcome

ANY = ATTACKS[0]


@pytest.mark.parametrize(
    ("status", "printed", "held"),
    [
        (0, "....\n4 passed in 1.0s\n", True),
        (0, "..s\n2 passed, 1 skipped in 1.0s\n", True),
        (1, "..F\n2 passed, 1 failed in 1.0s\n", False),
        (0, "sss\n3 skipped in 1.0s\n", False),
        (5, "no tests ran in 0.01s\n", False),
        (-9, "", False),
    ],
)
def test_only_what_ran_and_passed_held(status, printed, held):
    assert outcome(ANY, status, printed, 1.0).held is held


def test_what_was_skipped_is_told():
    assert "2 passed, 1 skipped" in str(outcome(ANY, 0, "2 passed, 1 skipped in 1.0s", 1.0))


def test_every_attack_has_its_tests():
    assert [path for attack in ATTACKS for path in attack.tests if not (ROOT / path).exists()] == []


def test_an_attack_that_does_not_exist_is_told(capsys):
    assert main(["nonsense"]) == 2
    assert capsys.readouterr().err.startswith("No attack nonsense. Choose from powers, ids,")
