"""Sorts by what the store keeps no order of: codes, references, addresses.

All matches are read and put in order here, up to a bound. Codes sort by code, identifiers by value,
references by type and id; of several values the first counts, and what has none comes last.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final

import msgspec

from careflow.database.documents import BadCursorError, Document, Documents, Page, Query
from careflow.database.matching import normalise
from careflow.database.narrowing import shown_page
from careflow.database.scope import AccessScope
from careflow.fhir.extract import entries
from careflow.fhir.resource import parse
from careflow.fhir.search import SearchRequest, Sort
from careflow.records.judging import SearchTooWideError

SORTED_MAX: Final = 2000
"""Matches that are sorted at once."""
_DIGEST_BYTES: Final = 8

_LAST_SHOWN: Final = 5

_Place = tuple[list[str], int, bytes]
"""(ids last shown, how many were shown, what the search asked). No values, so nothing to hide."""


async def sorted_page(
    request: SearchRequest, query: Query, documents: Documents, scope: AccessScope
) -> Page:
    """Return a page of a query in the order that the request asks for.

    Raises:
        SearchTooWideError: More than SORTED_MAX resources match.
        BadCursorError: The cursor is of another search.
    """
    place = _opened(query.cursor, request) if query.cursor is not None else None
    everything = Query(query.kind, query.conditions, count=SORTED_MAX)
    # Whoever may sort by a parameter is shown what it looks at, though perhaps not all else.
    page = await documents.find(everything, replace(scope, fields={}))
    if page.next is not None:
        raise SearchTooWideError
    found = await asyncio.to_thread(_in_order, page.documents, request.sort)
    start = _start(found, place) if place is not None else 0
    end = start + query.count
    total = len(found) if query.total else None
    if query.count == 0 or end >= len(found):
        return shown_page(Page(found[start:end], total=total), scope)
    last = [each.id for each in found[max(start, end - _LAST_SHOWN) : end]]
    following = _written((last, end, _question(request)))
    return shown_page(Page(found[start:end], next=following, total=total), scope)


def _in_order(documents: Sequence[Document], sort: Sequence[Sort]) -> list[Document]:
    """Sort by the last key first: each sort keeps what it holds equal in place."""
    found = [(document, _values(document)) for document in documents]
    if sort[0].descending:
        found.reverse()
    for key in reversed(sort):
        keyed = [(_value(key, document, values), document, values) for document, values in found]
        with_value = [each for each in keyed if each[0] is not None]
        if key.descending:
            # Reversed before and after, equal ones stay in their order.
            with_value.reverse()
        with_value.sort(key=lambda each: (isinstance(each[0], str), each[0]))
        if key.descending:
            with_value.reverse()
        without = [each for each in keyed if each[0] is None]
        found = [(document, values) for _, document, values in (*with_value, *without)]
    return [document for document, _ in found]


def _values(document: Document) -> dict[str, list[Any]]:
    """Return what a resource sorts by, by parameter: starts of ranges, texts, then terms."""
    found = entries(parse(document.body, nested=False))
    values: dict[str, list[Any]] = {}
    for parameter, low, _, _ in found.ranges:
        values.setdefault(parameter, []).append(low)
    for parameter, text in found.texts:
        values.setdefault(parameter, []).append(normalise(text))
    for parameter, term in found.terms:
        # Of "code", "system|code" and "system|", the code; of a text alone, nothing.
        if term and "|" not in term:
            values.setdefault(parameter, []).append(term)
    return values


def _value(key: Sort, document: Document, values: dict[str, list[Any]]) -> Any:  # noqa: ANN401
    if key.parameter == "_id":
        return document.id
    if key.parameter == "_lastUpdated":
        return document.sequence
    return min(values.get(key.parameter, ()), default=None)


# --- cursors -------------------------------------------------------------------------------


def _start(found: Sequence[Document], place: _Place) -> int:
    """Return where to go on: after the last one shown that is still there.

    If none is, as far on without them: rather is one shown again than one passed over.
    """
    last, shown, _ = place
    numbers = {each.id: number for number, each in enumerate(found)}
    for id in reversed(last):
        if id in numbers:
            return numbers[id] + 1
    return min(max(shown - len(last), 0), len(found))


def _question(request: SearchRequest) -> bytes:
    asked = [pair for pair in request.pairs if pair[0] not in {"_cursor", "_count"}]
    text = f"{request.type} {asked!r}".encode()
    return blake2b(text, digest_size=_DIGEST_BYTES).digest()


def _written(place: _Place) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).rstrip(b"=").decode()


def _opened(cursor: str, request: SearchRequest) -> _Place:
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        place: _Place = msgspec.msgpack.decode(content, type=_Place)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise BadCursorError from error
    if place[2] != _question(request) or place[1] < 0:
        raise BadCursorError
    return place
