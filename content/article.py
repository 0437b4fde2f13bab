"""``article.yaml``: what the source article of a roadmap claims. A pack may leave it out."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, model_validator

from content.parts import ContentModel, Line, Slug, prose


class Claim(ContentModel):
    """A statement of the article in words of our own, and words of its own by which it is known.

    ``right`` marks one that holds as it is. Every other is put right somewhere in the pack.
    """

    id: Slug
    topics: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=10)]
    says: Annotated[str, prose(200)]
    terms: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    right: bool = False

    def is_in(self, text: str) -> bool:
        """Tell whether a text has one of the claim's terms in it, as words of their own or their plural."""
        patterns = (rf"(?<!\w){re.escape(term)}s?(?!\w)" for term in self.terms)
        return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


class Article(ContentModel):
    """The claims of one article, each with an id of its own."""

    source: Line
    claims: Annotated[tuple[Claim, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _has_each_id_once(self) -> Article:
        ids = [claim.id for claim in self.claims]
        if len(set(ids)) != len(ids):
            raise ValueError("two claims share an id")
        return self
