"""Search and history over FHIR REST: pages of stored bytes, each read kept in the trail."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from careflow.errors import BadInputError
from careflow.fhir.search import parse_search
from careflow.records.answer import Answer
from careflow.records.interactions import Asker, Interactions
from careflow.records.pages import history_page, search_page
from careflow.records.proposing import ResourceNotFoundError
from careflow.records.request import (
    FORM_TYPE,
    FhirRequest,
    Pairs,
    read_body,
    require_content_type,
    split_query,
)
from careflow.records.store import Records

FORM_LIMIT_BYTES: Final = 256 * 1024
HISTORY_COUNT_MAX: Final = 1000
_ABOUT_THE_ANSWER: Final = frozenset({"_pretty", "_format", "_cursor"})


class BadHistoryParameterError(BadInputError):
    """A history parameter that is unknown or not understood."""

    code: ClassVar[str] = "records-bad-history-parameter"

    def __init__(self, name: str) -> None:
        super().__init__(f"The history parameter {name!r} is not known or not valid here.")


class Listings:
    """The interactions that answer many resources."""

    def __init__(self, records: Records, interactions: Interactions) -> None:
        self._records = records
        self._interactions = interactions

    async def search(
        self, request: FhirRequest, asker: Asker, kind: str, pairs: Pairs | None = None
    ) -> Answer:
        """Answer one page of what matches; the next page has an opaque link."""
        pairs = request.pairs if pairs is None else pairs
        asked, cursor = _split_off_cursor(pairs)
        wanted = parse_search(kind, asked, lenient=request.prefer.lenient)
        page = await self._records.search(wanted, asker.scope, cursor=cursor)
        await self._interactions.note(
            request, asker, f"records:{kind.lower()}:search", page.documents
        )
        return Answer(
            200,
            search_page(
                page,
                base=request.base,
                address=f"{request.base}/{kind}",
                pairs=[*wanted.pairs, *([("_cursor", cursor)] if cursor else [])],
                ignored=wanted.ignored,
            ),
        )

    async def search_by_form(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Answer a search whose parameters came as a form, so that no log of addresses has them."""
        require_content_type(request.headers, frozenset({FORM_TYPE}))
        form = split_query(await read_body(request, limit_bytes=FORM_LIMIT_BYTES))
        return await self.search(request, asker, kind, [*request.pairs, *form])

    async def history(
        self, request: FhirRequest, asker: Asker, kind: str | None = None, id: str | None = None
    ) -> Answer:
        """Answer versions, newest first, of a resource, a type or everything the asker may see."""
        count, since, cursor = _history_parameters(request.pairs)
        page = await self._records.history(
            asker.scope, kind=kind, id=id, since=since, count=count, cursor=cursor
        )
        if kind and id and not page.documents and cursor is None and since is None:
            raise ResourceNotFoundError(kind)
        subject = kind.lower() if kind else "system"
        await self._interactions.note(request, asker, f"records:{subject}:history", page.documents)
        address = "/".join(filter(None, (request.base, kind, id, "_history")))
        pairs = request.pairs
        return Answer(200, history_page(page, base=request.base, address=address, pairs=pairs))


def _split_off_cursor(pairs: Pairs) -> tuple[Pairs, str | None]:
    """Return the search's own parameters, and the cursor of the page asked for."""
    cursor = next((value for name, value in pairs if name == "_cursor"), None)
    return [pair for pair in pairs if pair[0] != "_cursor"], cursor


def _history_parameters(pairs: Pairs) -> tuple[int, datetime | None, str | None]:
    count, since, cursor = 50, None, None
    for name, value in pairs:
        if name == "_count" and value.isdecimal():
            count = max(1, min(int(value), HISTORY_COUNT_MAX))
        elif name == "_since":
            since = _instant(value)
        elif name == "_cursor":
            cursor = value
        elif name not in _ABOUT_THE_ANSWER:
            raise BadHistoryParameterError(name)
    return count, since, cursor


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadHistoryParameterError("_since")
    return instant
