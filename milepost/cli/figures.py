"""The figures of a pack as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from content.checks.stats import Stats

_NAME, _FIGURE = 24, 6
"""Characters of a row's name, and of a figure in it."""


def rows(stats: Stats) -> Iterator[str]:
    """Yield the figures, group by group: counts, kinds, what is shown, shares, steps, topics and bias."""
    made, total = stats["composition"], stats["questions"]
    yield from _table(
        "",
        {
            "topics": stats["topics"],
            "questions": total,
            "prompts": stats["prompts"],
            "challenges": stats["challenges"],
            "verified": stats["verified"],
            "not run": stats["not_run"],
            "tried": stats["tried"],
        },
    )
    yield from _table("Kinds", made["kinds"], total)
    yield from _table("Shown", made["shows"], total)
    yield from _table("Evidence for keys", stats["evidence"], total)
    yield from _table("Proven on", stats["proven_on"])
    yield from _table("Shares", made["shares"])
    yield from _table("Bias", made["bias"])
    for step, levels in made["levels"].items():
        yield from _table(f"Step {step}", levels["bloom"])
        difficulties = " ".join(f"{level}:{number}" for level, number in levels["difficulty"].items())
        yield f"  {'difficulty':<{_NAME}}{difficulties}"
    yield from _table("Questions by topic", dict(sorted(made["per_topic"].items(), key=lambda one: one[1])))
    uncorrected = {"claims not put right": len(made["claims_uncorrected"])}
    yield from _table("And", {"cases of three questions": made["cases"], **uncorrected})


def _table(title: str, figures: Mapping[str, float], total: int = 0) -> Iterator[str]:
    """Yield a title and a row for each figure: a share, or a count with its share of a given ``total``."""
    if title:
        yield ""
        yield title
    for name, figure in figures.items():
        shown = f"{figure:.1%}" if isinstance(figure, float) else str(figure)
        share = f"{figure / total:>{_FIGURE}.0%}" if total else ""
        yield f"{'  ' if title else ''}{name:<{_NAME}}{shown:>{_FIGURE}}{share}"
