"""One search over several types: page after page of the first type, then of the next.

What is asked must mean the same in every type, so only parameters of all resources are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from careflow.database.documents import BadCursorError, Document, Page
from careflow.database.scope import AccessScope
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.search import (
    BadValueError,
    SearchRequest,
    UnknownParameterError,
    parse_search,
)
from careflow.fhir.search_asked import AskedAt
from careflow.fhir.search_offered import of_every_type, result_parameters
from careflow.records.owners import VIEWS
from careflow.records.request import Pairs
from careflow.records.search import count_of
from careflow.records.store import Records

_OF_ONE_TYPE: Final = frozenset({"_sort"})
"""Types follow each other, so there is no order over all of them."""


def kinds_of(pairs: Pairs) -> tuple[str, ...]:
    """Return the types that ``_type`` names, in order.

    Raises:
        BadValueError: It is missing, or names no type that is searched.
    """
    named = [value for name, value in pairs if name == "_type"]
    kinds = tuple(dict.fromkeys(kind.strip() for value in named for kind in value.split(",")))
    if not named or not all(is_resource_type(kind) and kind not in VIEWS for kind in kinds):
        text = "A search over several types names them: _type=Patient,Practitioner."
        raise BadValueError(text, parameter="_type")
    return kinds


def parse_each(
    kinds: Sequence[str], pairs: Pairs, *, lenient: bool, at: AskedAt
) -> dict[str, SearchRequest]:
    """Return the search as each type is asked it.

    Raises:
        UnknownParameterError: A parameter does not exist in every type.
    """
    taken = {*of_every_type(), *result_parameters()} - _OF_ONE_TYPE
    common, ignored = [], []
    for name, value in pairs:
        if name.partition(":")[0] in taken:
            common.append((name, value))
        elif name != "_type":
            if not lenient:
                raise UnknownParameterError("Every type together", name)
            ignored.append(name)
    parsed = {kind: parse_search(kind, common, lenient=lenient, at=at) for kind in kinds}
    return {kind: replace(one, ignored=tuple(ignored)) for kind, one in parsed.items()}


async def search_across(
    records: Records,
    requests: Mapping[str, SearchRequest],
    scope: AccessScope,
    *,
    cursor: str | None,
) -> Page:
    """Return one page over all types; its cursor says in which type to go on, and where."""
    kinds = list(requests)
    kind, _, inner = cursor.partition(".") if cursor else (kinds[0], "", "")
    if kind not in requests:
        raise BadCursorError
    first = requests[kinds[0]]
    total = None
    if first.total in {"accurate", "estimate"} or first.count == 0:
        total = await _total(records, requests, scope)
    room = count_of(first)
    documents: list[Document] = []
    for at in kinds[kinds.index(kind) :]:
        if room == len(documents):
            return Page(documents, next=f"{at}." if room else None, total=total)
        asked = replace(requests[at], count=room - len(documents), total="none")
        page = await records.search(asked, scope, cursor=inner or None)
        documents += page.documents
        inner = ""
        if page.next is not None:
            return Page(documents, next=f"{at}.{page.next}", total=total)
    return Page(documents, total=total)


async def _total(
    records: Records, requests: Mapping[str, SearchRequest], scope: AccessScope
) -> int:
    counted = 0
    for request in requests.values():
        page = await records.search(replace(request, count=0), scope)
        counted += page.total or 0
    return counted
