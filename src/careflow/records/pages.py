"""Pages of stored resources as FHIR Bundles, put together from stored bytes, never parsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Final
from urllib.parse import quote

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import Document, Page
from careflow.fhir.issue import Issue
from careflow.fhir.outcome import outcome
from careflow.fhir.subset import WHOLE, View
from careflow.records.answer import etag
from careflow.records.request import Pairs

_encode = msgspec.json.encode
_SAFE: Final = ":/,"
_SHORT: Final = 100
_MATCHED: Final = b',"search":{"mode":"match"}}'
_INCLUDED: Final = b',"search":{"mode":"include"}}'
_LINKS: Final = b'{"relation":"self","url":%b},{"relation":"first","url":%b}'
_NEXT: Final = b',{"relation":"next","url":%b}'
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~:/,-]*")


def search_page(
    page: Page,
    *,
    base: str,
    address: str,
    asked: str,
    cursor: str | None = None,
    view: View = WHOLE,
    beside: Sequence[Document] = (),
    issues: Sequence[Issue] = (),
) -> bytes:
    """Return a searchset.

    Args:
        page: What matches.
        base: Address of the FHIR base.
        address: What was asked, without its parameters.
        asked: The parameters as understood, for the links; see :func:`as_query`.
        cursor: Where this page begins, if it is not the first.
        view: How much of each resource is answered.
        beside: What is added to the matches.
        issues: What there is to say about the search; an outcome says it.
    """
    parts = _entries(base, page.documents, view, included=False)
    parts += _entries(base, beside, view, included=True)
    if issues:
        parts.append(_said(issues))
    entries = b",".join(parts)
    return _bundle(b"searchset", _links(address, asked, cursor, page.next), page.total, entries)


def history_page(page: Page, *, base: str, address: str, pairs: Pairs, view: View = WHOLE) -> bytes:
    """Return a history, newest first; a deletion is an entry without a resource."""
    revived = {(d.kind, d.id, d.version + 1) for d in page.documents if d.deleted}
    entries = b",".join(
        _version(base, d, view, revived=(d.kind, d.id, d.version) in revived)
        for d in page.documents
    )
    links = _links(address, *as_asked(pairs), page.next)
    return _bundle(b"history", links, page.total, entries)


def _bundle(type_: bytes, links: bytes, total: int | None, entries: bytes) -> bytes:
    counted = b"" if total is None else b',"total":%d' % total
    # The standard allows no empty list.
    listed = (b',"entry":[', entries, b"]}") if entries else (b"}",)
    head = (b'{"resourceType":"Bundle","type":"', type_, b'"', counted, b',"link":[', links, b"]")
    return b"".join(head + listed)


def as_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return parameters as a query string, as links spell them."""
    return "&".join(starmap(_part, pairs))


def as_asked(pairs: Pairs) -> tuple[str, str | None]:
    """Return parameters as a query string without their cursor, and the cursor."""
    cursor = next((value for name, value in pairs if name == "_cursor"), None)
    return as_query([pair for pair in pairs if pair[0] != "_cursor"]), cursor


def _links(address: str, asked: str, cursor: str | None, following: str | None) -> bytes:
    """Return self, first and next; pages are found forward only, so there is no way back."""
    first = f"{address}?{asked}" if asked else address
    more = f"{first}{'&' if asked else '?'}_cursor="
    own = first if cursor is None else more + _quoted(cursor)
    links = _LINKS % (_encode(own), _encode(first))
    return links if following is None else links + _NEXT % _encode(more + _quoted(following))


def _part(name: str, value: str) -> str:
    return f"{_quoted(name)}={_quoted(value)}"


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _quoted_once(text) if len(text) <= _SHORT else quote(text, safe=_SAFE)


@lru_cache(maxsize=1024)
def _quoted_once(text: str) -> str:
    """Quote a short text: systems and codes come again and again."""
    return quote(text, safe=_SAFE)


def _entries(
    base: str, documents: Sequence[Document], view: View, *, included: bool
) -> list[bytes]:
    # Base, kind and id need no escaping: the base is ours, the others have been validated.
    head, mode = f'{{"fullUrl":"{base}/', _INCLUDED if included else _MATCHED
    if view is WHOLE:
        return [
            f'{head}{one.kind}/{one.id}","resource":'.encode() + one.body + mode
            for one in documents
        ]
    return [
        f'{head}{one.kind}/{one.id}","resource":'.encode()
        + view.of(one.kind, one.body, included=included)
        + mode
        for one in documents
    ]


def _said(issues: Sequence[Issue]) -> bytes:
    return b'{"resource":' + outcome(issues) + b',"search":{"mode":"outcome"}}'


def passed_over(names: Sequence[str]) -> Issue:
    """Return what is said of parameters that a lenient search did not take into account."""
    text = f"Unknown parameters were passed over: {', '.join(names)}."
    return Issue("warning", "not-supported", text)


def _version(base: str, document: Document, view: View, *, revived: bool) -> bytes:
    head = f'{{"fullUrl":"{base}/{document.kind}/{document.id}",'
    body = b"" if document.deleted else view.of(document.kind, document.body)
    resource = b'"resource":' + body + b"," if body else b""
    method, url, status = _how(document, revived=revived)
    tail = _encode(
        {
            "request": {"method": method, "url": url},
            "response": {
                "status": status,
                "etag": etag(document),
                "lastModified": instant_text(document.stored_at),
            },
        }
    )
    return head.encode("ascii") + resource + tail[1:]


def _how(document: Document, *, revived: bool) -> tuple[str, str, str]:
    """Return method, url and status that tell how a version came about."""
    address = f"{document.kind}/{document.id}"
    if document.deleted:
        return "DELETE", address, "204"
    if document.version == 1:
        return "POST", document.kind, "201"
    return "PUT", address, "201" if revived else "200"
