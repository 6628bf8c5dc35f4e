"""A FHIR search as a question to the store.

Most of a search turns into the store's conditions word for word. A chain asks about other resources
first: their ids, as far as the asker may see them, become an ordinary condition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

import msgspec

from careflow.database import conditions as store
from careflow.database.conditions import SortKey
from careflow.database.documents import Documents, Page, Query
from careflow.database.scope import AccessScope
from careflow.errors import UnprocessableError
from careflow.fhir import conditions as asked
from careflow.fhir.body_tests import BodyTest
from careflow.fhir.extract import entries
from careflow.fhir.resource import parse
from careflow.fhir.search import SearchRequest, UnsupportedSearchError
from careflow.records.judging import passing
from careflow.records.searchable import require_searchable
from careflow.records.sorting import sorted_page

_LEAVES: Final = (
    asked.TermIn,
    asked.TextMatches,
    asked.RangeWithin,
    asked.IdIn,
    asked.StoredBetween,
    asked.Has,
)
COUNT_DEFAULT: Final = 50
COUNT_MAX: Final = 1000
CHAIN_MAX: Final = 2000
"""More resources than this in the middle of a chain, and the question is too wide to answer."""


class ChainTooWideError(UnprocessableError):
    """The middle of a chained search matches too much."""

    code: ClassVar[str] = "records-chain-too-wide"
    issue: ClassVar[str] = "too-costly"

    def __init__(self) -> None:
        super().__init__("A chain in this search passes through too many resources: narrow it.")


def ready_query(request: SearchRequest) -> Query | None:
    """Return the store's query, if it needs no other question first and no sorting afterwards."""
    if request.is_sorted_by_reading():
        return None
    for one in request.conditions:
        if not isinstance(one, _LEAVES):
            return None
    return _query(request, [_leaf(one) for one in request.conditions])


def _query(request: SearchRequest, conditions: Sequence[store.Condition]) -> Query:
    count = count_of(request)
    return _in_series(
        request,
        Query(
            kind=request.type,
            conditions=tuple(conditions),
            sort=() if request.is_sorted_by_reading() else _sort_keys(request),
            count=count,
            total=count == 0 or request.total in {"accurate", "estimate"},
        ),
    )


def _sort_keys(request: SearchRequest) -> tuple[SortKey, ...]:
    return tuple(SortKey(key.parameter, key.descending) for key in request.sort)


async def page_of(
    request: SearchRequest,
    documents: Documents,
    scope: AccessScope,
    *,
    cursor: str | None = None,
    ready: Query | None = None,
) -> Page:
    """Return a page of a search; ``ready`` is its :func:`ready_query`, where that is known.

    Raises:
        UnsupportedSearchError: The search asks for something that is not offered.
        HiddenParameterError: It asks about what the scope does not show.
        SearchTooWideError: Too much would have to be read, or sorted without an index.
        ChainTooWideError: A chain passes through too many resources.
    """
    if scope.fields:
        require_searchable(request, scope)
    query = ready or ready_query(request)
    if query is not None:
        return await documents.find(query if cursor is None else _after(query, cursor), scope)
    chains = Chains(documents, scope)
    query = _query(request, await chains.all_resolved(request.conditions, request.type))
    if cursor is not None:
        query = _after(query, cursor)
    if request.is_sorted_by_reading():
        return await sorted_page(request, query, documents, scope)
    return await documents.find(query, scope)


def _after(query: Query, cursor: str) -> Query:
    return msgspec.structs.replace(query, cursor=cursor)


def count_of(request: SearchRequest) -> int:
    """Return how many resources a page of this search has at most."""
    return COUNT_DEFAULT if request.count is None else min(request.count, COUNT_MAX)


def _in_series(request: SearchRequest, query: Query) -> Query:
    """Let "newest of this analyte of this patient" be read in order from its small index.

    Only newest first: a result without a date comes last there, as it should.
    """
    keys = request.series_keys()
    if not keys or not request.sort[0].descending:
        return query
    rest = tuple(
        one
        for one in query.conditions
        if not (isinstance(one, store.TermIn) and one.parameter in {"patient", "subject", "code"})
    )
    return Query(
        kind=query.kind,
        conditions=(store.SeriesIn(keys), *rest),
        sort=(SortKey("_series", descending=True),),
        count=query.count,
        cursor=query.cursor,
        total=query.total,
    )


def plain(condition: asked.Condition) -> store.Condition:
    """Return the store's condition for one without a chain."""
    match condition:
        case asked.AllOf(conditions):
            return store.AllOf(tuple(plain(one) for one in conditions))
        case asked.AnyOf(conditions):
            return store.AnyOf(tuple(plain(one) for one in conditions))
        case asked.Not(inner):
            return store.Not(plain(inner))
        case asked.Chained() | asked.ReferredToBy() | asked.Judged():
            raise UnsupportedSearchError("A chain is not offered here.", parameter="chain")
    return _leaf(condition)


def _leaf(condition: asked.Condition) -> store.Condition:
    match condition:
        case asked.TermIn(parameter, values):
            return store.TermIn(parameter, values)
        case asked.TextMatches(parameter, values, how):
            return store.TextMatches(parameter, values, how)
        case asked.RangeWithin(parameter, low_min, low_max, high_min, high_max, qualifiers):
            return store.RangeWithin(parameter, low_min, low_max, high_min, high_max, qualifiers)
        case asked.IdIn(ids):
            return store.IdIn(ids)
        case asked.StoredBetween(after, before):
            return store.StoredBetween(after, before)
        case asked.Has(parameter):
            return store.Has(parameter)
    raise TypeError(condition)


class Chains:
    """Answers what a search asks about other resources, within the asker's scope."""

    def __init__(self, documents: Documents, scope: AccessScope) -> None:
        self._documents = documents
        self._scope = scope

    async def all_resolved(
        self, conditions: Sequence[asked.Condition], kind: str
    ) -> list[store.Condition]:
        """Return the store's conditions; what has to be read is narrowed by the others first."""
        narrow = [one for one in conditions if not _is_read(one)]
        found = [await self.resolved(one, kind) for one in narrow]
        for one in conditions:
            if _is_read(one):
                found.append(await self.resolved(one, kind, beside=tuple(found)))
        return found

    async def resolved(
        self, condition: asked.Condition, kind: str, beside: tuple[store.Condition, ...] = ()
    ) -> store.Condition:
        """Return the store's condition, with every chain in it answered."""
        match condition:
            case asked.AllOf(conditions):
                return store.AllOf(tuple(await self.all_resolved(conditions, kind)))
            case asked.AnyOf(conditions):
                each = [await self.resolved(one, kind, beside) for one in conditions]
                return store.AnyOf(tuple(each))
            case asked.Not(inner):
                return store.Not(await self.resolved(inner, kind, beside))
            case asked.Judged(test, narrowed):
                if narrowed is not None:
                    beside = (*beside, await self.resolved(narrowed, kind))
                return store.IdIn(await self._passing(test, beside, kind))
            case asked.Chained(parameter, type_, inner):
                page = await self._matching(type_, inner)
                found = tuple(f"{type_}/{document.id}" for document in page.documents)
                return store.TermIn(parameter, found)
            case asked.ReferredToBy(type_, parameter, inner):
                page = await self._matching(type_, inner)
                return store.IdIn(_referred(page, parameter, kind))
        return _leaf(condition)

    async def _passing(
        self, test: BodyTest, conditions: tuple[store.Condition, ...], kind: str
    ) -> tuple[str, ...]:
        return await passing(test, conditions, kind, documents=self._documents, scope=self._scope)

    async def _matching(self, kind: str, condition: asked.Condition) -> Page:
        query = Query(kind, (await self.resolved(condition, kind),), count=CHAIN_MAX)
        # Only references are taken from what is found, and those that may be asked by are shown.
        page = await self._documents.find(query, replace(self._scope, fields={}))
        if page.next is not None:
            raise ChainTooWideError
        return page


def _is_read(condition: asked.Condition) -> bool:
    """Report whether resources have to be read to know what meets a condition."""
    match condition:
        case asked.AllOf(conditions) | asked.AnyOf(conditions):
            return any(_is_read(one) for one in conditions)
        case asked.Not(inner):
            return _is_read(inner)
    return isinstance(condition, asked.Judged)


def _referred(page: Page, parameter: str, kind: str) -> tuple[str, ...]:
    """Return the ids of a kind that the resources of a page refer to by a parameter."""
    start = f"{kind}/"
    return tuple(
        dict.fromkeys(
            value.removeprefix(start)
            for document in page.documents
            for name, value in entries(parse(document.body, nested=False)).terms
            if name == parameter and value.startswith(start)
        )
    )
