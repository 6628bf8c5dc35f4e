"""Pages of stored resources as FHIR Bundles, put together from stored bytes, never parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from careflow.clock import instant_text
from careflow.database.documents import Document, Page
from careflow.fhir.issue import Issue
from careflow.fhir.outcome import outcome
from careflow.records.answer import etag
from careflow.records.request import Pairs

_encode = msgspec.json.encode
_SAFE: Final = ":/,"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.~:/,-]*")


def search_page(
    page: Page, *, base: str, address: str, pairs: Pairs, ignored: Sequence[str] = ()
) -> bytes:
    """Return a searchset.

    ``pairs`` are the parameters as understood, for the links; ``ignored`` the names of those that
    were passed over, which an outcome says.
    """
    parts = [_match(base, document) for document in page.documents]
    if ignored:
        parts.append(_passed_over(ignored))
    entries = b",".join(parts)
    return _bundle(b"searchset", _links(address, pairs, page.next), page.total, entries)


def history_page(page: Page, *, base: str, address: str, pairs: Pairs) -> bytes:
    """Return a history, newest first; a deletion is an entry without a resource."""
    entries = b",".join(_version(base, document) for document in page.documents)
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
    rest = _query([pair for pair in pairs if pair[0] != "_cursor"])
    here = _query([pair for pair in pairs if pair[0] == "_cursor"])
    links = [_link("self", address, rest, here)]
    if cursor is not None:
        links.append(_link("next", address, rest, _query([("_cursor", cursor)])))
    return b",".join(links)


def _link(relation: str, address: str, *queries: str) -> bytes:
    query = "&".join(filter(None, queries))
    return _encode({"relation": relation, "url": f"{address}?{query}" if query else address})


def _query(pairs: Pairs) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=_SAFE)


def _match(base: str, document: Document) -> bytes:
    # Base, kind and id need no escaping: the base is ours, the others have been validated.
    head = f'{{"fullUrl":"{base}/{document.kind}/{document.id}","resource":'
    return head.encode("ascii") + document.body + b',"search":{"mode":"match"}}'


def _passed_over(names: Sequence[str]) -> bytes:
    text = f"Unknown parameters were passed over: {', '.join(names)}."
    said = outcome([Issue("warning", "not-supported", text)])
    return b'{"resource":' + said + b',"search":{"mode":"outcome"}}'


def _version(base: str, document: Document) -> bytes:
    head = f'{{"fullUrl":"{base}/{document.kind}/{document.id}",'
    resource = b"" if document.deleted else b'"resource":' + document.body + b","
    method, url, status = _how(document)
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


def _how(document: Document) -> tuple[str, str, str]:
    """Return method, url and status that tell how a version came about."""
    address = f"{document.kind}/{document.id}"
    if document.deleted:
        return "DELETE", address, "204"
    if document.version == 1:
        return "POST", document.kind, "201"
    return "PUT", address, "200"
