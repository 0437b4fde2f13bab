"""Checks of what is said about the source article: each statement names the claim that it puts right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from content.article import Claim
from content.checks.files import ARTICLE
from content.checks.findings import Finding, Place, Places, Severity
from content.checks.schema import nearest
from content.model import Pack, Question, Status


@dataclass(frozen=True)
class Statement:
    """Something that may put the article right, with the claims that it names.

    ``corrects`` tells whether it says that it does. ``says`` is the article's statement, where it is told.
    """

    place: Place
    claims: tuple[str, ...]
    corrects: bool
    says: str = ""


def check_attribution(pack: Pack, questions: list[Question], places: Places) -> Iterator[Finding]:
    """Check that statements about the article name its claims, and that each wrong claim is put right.

    A pack without ``article.yaml`` has nothing to hold statements against.
    """
    if pack.article is None:
        return
    claims = {claim.id: claim for claim in pack.article.claims}
    for statement in _statements(pack, questions, places):
        yield from _of_statement(statement, claims)
    for index, claim in enumerate(pack.article.claims):
        for topic in claim.topics:
            if pack.topic(topic) is None:
                place = places.of_file(ARTICLE, "claims", index, "topics")
                yield Finding(*place, f"the roadmap has no topic '{topic}'", check="article")
    for claim in uncorrected_claims(pack, questions):
        place = places.of_file(ARTICLE, "claims", pack.article.claims.index(claim))
        message = f"nothing puts '{claim.id}' right: {claim.says.rstrip('.')}"
        yield Finding(*place, message, "Ask about it.", check="article", severity=Severity.WARNING)


def uncorrected_claims(pack: Pack, questions: list[Question]) -> list[Claim]:
    """Return the claims of the article that don't hold and that nothing in the pack puts right."""
    prompts = chain.from_iterable(pack.active_prompts(topic.id) for topic in pack.topics)
    corrections = chain.from_iterable(topic.corrections for topic in pack.topics)
    named = {id_ for each in (*questions, *prompts, *corrections) for id_ in each.article_claims}
    claims = pack.article.claims if pack.article else ()
    return [claim for claim in claims if not claim.right and claim.id not in named]


def _statements(pack: Pack, questions: list[Question], places: Places) -> Iterator[Statement]:
    for question in questions:
        place = places.of_question(question.id, "article_claims")
        yield Statement(place, question.article_claims, question.corrects_article)
    for topic in pack.topics:
        for number, prompt in enumerate(pack.prompts.get(topic.id, ())):
            if prompt.status is Status.ACTIVE:
                place = places.of_prompt(topic.id, number, "article_claims")
                yield Statement(place, prompt.article_claims, prompt.article_correction is not None)
        for index, correction in enumerate(topic.corrections):
            place = places.of_topic(topic.id, "corrections", index)
            yield Statement(place, correction.article_claims, corrects=True, says=correction.says)


def _of_statement(statement: Statement, claims: Mapping[str, Claim]) -> Iterator[Finding]:
    for id_ in statement.claims:
        if id_ not in claims:
            message = f"{ARTICLE} has no claim '{id_}'"
            yield Finding(*statement.place, message, nearest(id_, claims), check="article")
    if statement.corrects and not statement.claims:
        message = "it corrects the source and names no claim of it"
        hint = f"Name one of {ARTICLE} in `article_claims`, or don't speak of the source."
        yield Finding(*statement.place, message, hint, check="article")
    if statement.claims and not statement.corrects:
        message = "it names claims of the source and corrects none"
        hint = "Say `corrects_article: true`, or give the prompt an `article_correction`."
        yield Finding(*statement.place, message, hint, check="article")
    named = [claims[id_] for id_ in statement.claims if id_ in claims]
    if statement.says and named and not any(claim.is_in(statement.says) for claim in named):
        terms = ", ".join(term for claim in named for term in claim.terms)
        message = f"`says` has no word of the claim that it names ({terms})"
        yield Finding(*statement.place, message, "Quote what the source says.", check="article")
