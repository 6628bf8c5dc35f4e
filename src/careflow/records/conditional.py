"""Conditions instead of ids: "create unless one like this exists", "the practitioner whose …"."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from careflow.database.documents import Document, Put
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError, StaleVersionError
from careflow.fhir.search import parse_search
from careflow.records.request import split_query
from careflow.records.store import Records

FENCE = "fence"
"""Kind of the small documents that order conditional creates of one condition."""


class SeveralMatchError(StaleVersionError):
    """A condition that was to name one resource names several."""

    code: ClassVar[str] = "records-several-match"
    issue: ClassVar[str] = "multiple-matches"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The condition matches more than one {kind}.")


class NoCriteriaError(BadInputError):
    """A condition without a criterion, which everything would meet."""

    code: ClassVar[str] = "records-no-criteria"

    def __init__(self) -> None:
        super().__init__("A condition needs at least one search parameter.")


async def only_match(
    records: Records, kind: str, condition: str, scope: AccessScope
) -> Document | None:
    """Return the one resource that meets a condition, ``None`` if there is none.

    Raises:
        SeveralMatchError: More than one does.
        NoCriteriaError: The condition asks for nothing.
    """
    wanted = parse_search(kind, [*split_query(condition.encode()), ("_count", "2")], lenient=False)
    if not wanted.conditions:
        raise NoCriteriaError
    page = await records.search(wanted, scope)
    if len(page.documents) > 1:
        raise SeveralMatchError(kind)
    return page.documents[0] if page.documents else None


async def find_or_fence(
    records: Records, work: Work, kind: str, condition: str, scope: AccessScope
) -> Document | None:
    """Return the one resource that meets a condition, or fence the coming create.

    Of two creates under one condition that both found nothing, the fence lets only the first
    commit; the other fails with a version mismatch and finds the first one's resource when tried
    again.
    """
    everywhere = organisation_scope(scope.organisation)
    name = hashlib.sha256(f"{kind}?{condition}".encode()).hexdigest()[:48]
    fence = await records.documents.read(FENCE, name, everywhere)
    found = await only_match(records, kind, condition, scope)
    if found is None:
        seen = fence.version if fence else 0
        work.put(Put(FENCE, name, b"{}", scope.organisation, expected=seen, keep_history=False))
    return found
