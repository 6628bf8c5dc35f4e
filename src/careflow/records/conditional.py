"""Conditions instead of ids: "create unless one like this exists", "the practitioner whose …"."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from careflow.database.documents import Document, Put
from careflow.database.scope import AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError, StaleVersionError
from careflow.fhir.search import SearchRequest, parse_search
from careflow.records.request import Pairs, split_query
from careflow.records.store import Records

FENCE: Final = "fence"
"""Kind of the small documents that order the writes that found nothing under one condition."""

_ABOUT_THE_ANSWER: Final = frozenset({"_format", "_pretty"})


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


class NoCriterionError(BadInputError):
    """A parameter of a condition that says how to answer, not what to find."""

    code: ClassVar[str] = "records-no-criterion"

    def __init__(self) -> None:
        super().__init__(
            "A condition takes search parameters alone: nothing that sorts, counts, adds or cuts."
        )


@dataclass(frozen=True, slots=True)
class Criteria:
    """A condition, understood.

    Attributes:
        name: The same for the same condition, in whatever order and spelling it was sent.
    """

    kind: str
    name: str
    search: SearchRequest


def criteria_of(kind: str, pairs: Pairs) -> Criteria:
    """Understand a condition.

    Raises:
        NoCriteriaError: It asks for nothing.
        NoCriterionError: It asks for a form of answer.
        careflow.fhir.search.SearchError: Something in it is unknown: never passed over here.
    """
    asked = [pair for pair in pairs if pair[0] not in _ABOUT_THE_ANSWER]
    search = parse_search(kind, asked, lenient=False)
    if not search.conditions:
        raise NoCriteriaError
    if msgspec.structs.replace(search, conditions=(), pairs=()) != SearchRequest(kind):
        raise NoCriterionError
    name = msgspec.json.encode([kind, sorted(asked)]).decode()
    return Criteria(kind, name, msgspec.structs.replace(search, count=2))


def criteria_in(kind: str, condition: str) -> Criteria:
    """Understand a condition that came as text, like ``identifier=http://mrn|7``."""
    return criteria_of(kind, split_query(condition.encode()))


async def only_match(records: Records, criteria: Criteria, scope: AccessScope) -> Document | None:
    """Return the one resource that meets a condition, ``None`` if there is none.

    Raises:
        SeveralMatchError: More than one does.
    """
    page = await records.search(criteria.search, scope)
    if len(page.documents) > 1:
        raise SeveralMatchError(criteria.kind)
    return page.documents[0] if page.documents else None


async def find_or_fence(
    records: Records, work: Work, criteria: Criteria, scope: AccessScope
) -> Document | None:
    """Return the one resource that meets a condition, or fence the coming create.

    Of two creates under one condition that both found nothing, the fence lets only the first
    commit; the other fails with a version mismatch and finds the first one's resource when tried
    again.
    """
    everywhere = organisation_scope(scope.organisation)
    name = hashlib.sha256(criteria.name.encode()).hexdigest()[:48]
    fence = await records.documents.read(FENCE, name, everywhere)
    found = await only_match(records, criteria, scope)
    if found is None:
        seen = fence.version if fence else 0
        work.put(Put(FENCE, name, b"{}", scope.organisation, expected=seen, keep_history=False))
    return found
