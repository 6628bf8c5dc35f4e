"""A search, understood once: what it asks of the store, shows and links to, whoever asks it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

import msgspec

from careflow.database.documents import Query
from careflow.fhir.search import REMEMBERED_CHARACTERS, AskedAt, SearchRequest, parse_search
from careflow.fhir.subset import View
from careflow.records.including import require_includable
from careflow.records.pages import as_query
from careflow.records.search import count_of, ready_query
from careflow.records.view import view_of_search

REMEMBERED: Final = 8192
"""Searches remembered: people and programs repeat them, with page after page."""


class Understood(msgspec.Struct, frozen=True, gc=False):
    """A search with all that follows from its words alone.

    Attributes:
        ready: The store's query, ``None`` where something else has to be asked or read as well.
        view: How much of each resource is answered.
        shown: Its parameters as they were taken, as links spell them.
    """

    request: SearchRequest
    ready: Query | None
    view: View
    shown: str


def understood(
    kind: str, pairs: Sequence[tuple[str, str]], *, lenient: bool, at: AskedAt
) -> Understood:
    """Understand a search of one type; a short one is remembered, unless it asks about today.

    Raises:
        careflow.fhir.search.SearchError: Something is not understood or not offered.
    """
    length = sum(map(len, chain.from_iterable(pairs)))
    if at.now is None and length <= REMEMBERED_CHARACTERS:
        return _remembered(kind, tuple(pairs), at, lenient)
    return of_request(parse_search(kind, pairs, lenient=lenient, at=at))


@lru_cache(maxsize=REMEMBERED)
def _remembered(
    kind: str,
    pairs: tuple[tuple[str, str], ...],
    at: AskedAt,
    lenient: bool,  # noqa: FBT001 - a keyword would be part of the key twice
) -> Understood:
    return of_request(parse_search(kind, pairs, lenient=lenient, at=at))


def of_request(request: SearchRequest) -> Understood:
    """Return what follows from a search that was read.

    Raises:
        careflow.fhir.search.SearchError: It asks to add, or to cut, what is not offered.
    """
    require_includable(request)
    view = view_of_search(request)
    return Understood(request, ready_query(request), view, _shown(request))


def _shown(request: SearchRequest) -> str:
    """Return the parameters as they were taken: a page is never longer than the most we send."""
    return as_query(
        [
            (name, str(count_of(request)) if name == "_count" else value)
            for name, value in request.pairs
        ]
    )
