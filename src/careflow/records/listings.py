"""Search and history over FHIR REST: pages of stored bytes, each read kept in the trail."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from msgspec.structs import replace

from careflow.database.documents import Page
from careflow.fhir.search import SearchRequest
from careflow.identity.access import require_fhir
from careflow.records.across import kinds_of, parse_each, search_across
from careflow.records.answer import Answer
from careflow.records.including import Beside, Including
from careflow.records.interactions import Asker, Interactions
from careflow.records.pages import history_page, passed_over, search_page
from careflow.records.past import asked_in, history_page_of
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
from careflow.records.understanding import Understood, of_request, understood
from careflow.records.view import VIEW_PARAMETERS, view_of_read

FORM_LIMIT_BYTES: Final = 256 * 1024
CUT_ON_LOOP_MAX: Final = 50
"""Resources of which a part is cut on the event loop: about a millisecond. More leave it."""


class Listings:
    """The interactions that answer many resources."""

    def __init__(self, records: Records, interactions: Interactions) -> None:
        self._records = records
        self._interactions = interactions

    async def search(
        self, request: FhirRequest, asker: Asker, kind: str, pairs: Pairs | None = None
    ) -> Answer:
        """Answer one page of what matches; the next page has an opaque link."""
        asked, cursor = _split_off_cursor(request.pairs if pairs is None else pairs)
        at = self._records.asked_at(request.base, asked)
        wanted = understood(kind, asked, lenient=request.prefer.lenient, at=at)
        page = await self._records.search(
            wanted.request, asker.scope, cursor=cursor, ready=wanted.ready
        )
        return await self._page(request, asker, wanted, page, (kind, cursor))

    async def search_all(
        self, request: FhirRequest, asker: Asker, pairs: Pairs | None = None
    ) -> Answer:
        """Answer one page over the types that ``_type`` names, one type after the other."""
        asked, cursor = _split_off_cursor(request.pairs if pairs is None else pairs)
        kinds = kinds_of(asked)
        for kind in kinds:
            require_fhir(asker.actor, kind, "search")
        at = self._records.asked_at(request.base, asked)
        each = parse_each(kinds, asked, lenient=request.prefer.lenient, at=at)
        one = each[kinds[0]]
        wanted = of_request(replace(one, pairs=(("_type", ",".join(kinds)), *one.pairs)))
        page = await search_across(self._records, each, asker.scope, cursor=cursor)
        return await self._page(request, asker, wanted, page, ("", cursor))

    async def search_by_form(
        self, request: FhirRequest, asker: Asker, kind: str | None = None
    ) -> Answer:
        """Answer a search whose parameters came as a form, so that no log of addresses has them."""
        require_content_type(request.headers, frozenset({FORM_TYPE}))
        form = split_query(await read_body(request, limit_bytes=FORM_LIMIT_BYTES))
        pairs = [*request.pairs, *form]
        if kind is None:
            return await self.search_all(request, asker, pairs)
        return await self.search(request, asker, kind, pairs)

    async def _page(
        self,
        request: FhirRequest,
        asker: Asker,
        wanted: Understood,
        page: Page,
        place: tuple[str, str | None],
    ) -> Answer:
        """Return a page with what goes with it, once the trail says who saw all of it."""
        kind, cursor = place
        asked = wanted.request
        beside = Beside()
        if page.documents and (asked.includes or asked.revincludes):
            including = Including(self._records.documents, asker, base=request.base)
            beside = await including.beside(page.documents, asked)
        seen = [*page.documents, *beside.documents] if beside.documents else page.documents
        subject = kind.lower() or "system"
        await self._interactions.note(request, asker, f"records:{subject}:search", seen)
        if asked.ignored:
            beside.issues.append(passed_over(asked.ignored))
        build = partial(
            search_page,
            Page(page.documents, page.next, _total(page, asked, cursor)),
            base=request.base,
            address=f"{request.base}/{kind}",
            asked=wanted.shown,
            cursor=cursor,
            view=wanted.view,
            beside=beside.documents,
            issues=beside.issues,
        )
        quick = wanted.view.is_whole or len(seen) <= CUT_ON_LOOP_MAX
        return Answer(200, build() if quick else await asyncio.to_thread(build))

    async def history(
        self, request: FhirRequest, asker: Asker, kind: str | None = None, id: str | None = None
    ) -> Answer:
        """Answer versions, newest first, of a resource, a type or everything the asker may see."""
        about, others = _history_pairs(request.pairs)
        asked = asked_in(others)
        view = view_of_read(about, kind, lenient=False)
        page = await history_page_of(self._records, asker.scope, asked, kind=kind, id=id)
        if kind and id and not page.documents and asked.is_whole:
            raise ResourceNotFoundError(kind)
        subject = kind.lower() if kind else "system"
        await self._interactions.note(request, asker, f"records:{subject}:history", page.documents)
        address = "/".join(filter(None, (request.base, kind, id, "_history")))
        pairs = request.pairs
        build = partial(
            history_page, page, base=request.base, address=address, pairs=pairs, view=view
        )
        quick = view.is_whole or len(page.documents) <= CUT_ON_LOOP_MAX
        return Answer(200, build() if quick else await asyncio.to_thread(build))


def _split_off_cursor(pairs: Pairs) -> tuple[Pairs, str | None]:
    """Return the search's own parameters, and the cursor of the page asked for."""
    cursor = next((value for name, value in pairs if name == "_cursor"), None)
    if cursor is None:
        return pairs, None
    return [pair for pair in pairs if pair[0] != "_cursor"], cursor


def _total(page: Page, wanted: SearchRequest, cursor: str | None) -> int | None:
    """Return how much matches, if it was counted or the page holds it all anyway."""
    if page.total is not None or wanted.total == "none" or cursor or page.next:
        return page.total
    return len(page.documents)


def _history_pairs(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Return the parameters about each version's content, and those about the list."""
    about = [pair for pair in pairs if pair[0] in VIEW_PARAMETERS]
    return about, [pair for pair in pairs if pair[0] not in VIEW_PARAMETERS]
