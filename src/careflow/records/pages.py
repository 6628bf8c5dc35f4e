"""Pages of stored resources as FHIR Bundles, put together from stored bytes, never parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
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
_MATCHED: Final = b',"search":{"mode":"match"}}'
_INCLUDED: Final = b',"search":{"mode":"include"}}'
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~:/,-]*")


def search_page(
    page: Page,
    *,
    base: str,
    address: str,
    pairs: Pairs,
    view: View = WHOLE,
    beside: Sequence[Document] = (),
    issues: Sequence[Issue] = (),
) -> bytes:
    """Return a searchset.

    Args:
        page: What matches.
        base: Address of the FHIR base.
        address: What was asked, without its parameters.
        pairs: The parameters as understood, for the links.
        view: How much of each resource is answered.
        beside: What is added to the matches.
        issues: What there is to say about the search; an outcome says it.
    """
    parts = _entries(base, page.documents, view, included=False)
    parts += _entries(base, beside, view, included=True)
    if issues:
        parts.append(_said(issues))
    entries = b",".join(parts)
    return _bundle(b"searchset", _links(address, pairs, page.next), page.total, entries)


def history_page(page: Page, *, base: str, address: str, pairs: Pairs, view: View = WHOLE) -> bytes:
    """Return a history, newest first; a deletion is an entry without a resource."""
    revived = {(d.kind, d.id, d.version + 1) for d in page.documents if d.deleted}
    entries = b",".join(
        _version(base, d, view, revived=(d.kind, d.id, d.version) in revived)
        for d in page.documents
    )
    return _bundle(b"history", _links(address, pairs, page.next), page.total, entries)


def _bundle(type_: bytes, links: bytes, total: int | None, entries: bytes) -> bytes:
    parts = [b'{"resourceType":"Bundle","type":"', type_, b'"']
    if total is not None:
        parts.append(b',"total":%d' % total)
    parts += [b',"link":[', links, b"]"]
    if entries:
        # The standard allows no empty list.
        parts += [b',"entry":[', entries, b"]"]
    parts.append(b"}")
    return b"".join(parts)


def _links(address: str, pairs: Pairs, cursor: str | None) -> bytes:
    """Return self, first and next; pages are found forward only, so there is no way back."""
    rest = "&".join([_part(pair) for pair in pairs if pair[0] != "_cursor"])
    here = "&".join([_part(pair) for pair in pairs if pair[0] == "_cursor"])
    first = _url(address, rest)
    own = _url(address, rest, here) if here else first
    links = b'{"relation":"self","url":%b},{"relation":"first","url":%b}' % (own, first)
    if cursor is None:
        return links
    following = _url(address, rest, _part(("_cursor", cursor)))
    return links + b',{"relation":"next","url":%b}' % following


def _url(address: str, *queries: str) -> bytes:
    """Return an address with its query as a JSON string."""
    query = "&".join(filter(None, queries))
    return _encode(f"{address}?{query}" if query else address)


def _part(pair: tuple[str, str]) -> str:
    return f"{_quoted(pair[0])}={_quoted(pair[1])}"


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted_anew(text)


@lru_cache(maxsize=1024)
def _quoted_anew(text: str) -> str:
    return quote(text, safe=_SAFE)


def _entries(
    base: str, documents: Sequence[Document], view: View, *, included: bool
) -> list[bytes]:
    # Base, kind and id need no escaping: the base is ours, the others have been validated.
    address = f'{{"fullUrl":"{base}/'.encode("ascii")
    mode = _INCLUDED if included else _MATCHED
    return [
        b'%b%b","resource":%b%b'
        % (
            address,
            f"{document.kind}/{document.id}".encode("ascii"),
            document.body
            if view is WHOLE
            else view.of(document.kind, document.body, included=included),
            mode,
        )
        for document in documents
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
