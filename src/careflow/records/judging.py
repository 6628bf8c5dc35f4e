"""Reads resources to answer what no index holds: words, texts beside codes, unusual orders.

What is read is bounded; a wider question is refused with a sentence that says how to narrow it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final

from careflow.database.conditions import Condition
from careflow.database.documents import Document, Documents, Query
from careflow.database.matching import normalise
from careflow.database.scope import AccessScope
from careflow.errors import UnprocessableError
from careflow.fhir.body_tests import BodyTest

READ_MAX: Final = 10_000
"""Resources that are read for one such question: a tenth of a second of CPU, and half of one where
letters with accents leave nothing to be told at a glance."""
PASSED_MAX: Final = 2000
"""Resources that may pass, and then be asked for by their ids."""
_AT_ONCE: Final = 500


class SearchTooWideError(UnprocessableError):
    """Too many resources would have to be read."""

    code: ClassVar[str] = "records-search-too-wide"
    issue: ClassVar[str] = "too-costly"

    def __init__(self) -> None:
        super().__init__(
            "Too many resources would have to be read to answer this: narrow the search, by patient"
            " or date."
        )


async def passing(
    test: BodyTest,
    conditions: Sequence[Condition],
    kind: str,
    *,
    documents: Documents,
    scope: AccessScope,
) -> tuple[str, ...]:
    """Return the ids of what meets the conditions and passes the test.

    Raises:
        SearchTooWideError: More than READ_MAX would be read, or more than PASSED_MAX pass.
    """
    found: list[str] = []
    query = Query(kind, tuple(conditions), count=_AT_ONCE)
    for _ in range(READ_MAX // _AT_ONCE):
        page = await documents.find(query, scope)
        found += await asyncio.to_thread(_passing, test, page.documents)
        if len(found) > PASSED_MAX:
            break
        if page.next is None:
            return tuple(found)
        query = Query(kind, query.conditions, count=_AT_ONCE, cursor=page.next)
    raise SearchTooWideError


def _passing(test: BodyTest, documents: Sequence[Document]) -> list[str]:
    return [each.id for each in documents if test.passes(each.body, normalise)]
