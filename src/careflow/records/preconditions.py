"""What a request says it knows already: If-Match, If-None-Match and If-Modified-Since."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar, Final

from careflow.database.documents import Document
from careflow.errors import BadInputError, StaleVersionError
from careflow.records.answer import etag

_ETAG: Final = re.compile(r'^(?:W/)?"(\d{1,18})"$')


class BadVersionTagError(BadInputError):
    """An If-Match that this server never gave out."""

    code: ClassVar[str] = "records-bad-version-tag"

    def __init__(self) -> None:
        super().__init__('If-Match must name a version as this server gave it, like W/"3".')


class ChangedSinceReadError(StaleVersionError):
    """The version named by If-Match is not the current one."""

    code: ClassVar[str] = "records-changed-since-read"

    def __init__(self) -> None:
        super().__init__("This resource has changed since you read it: read it again and retry.")


class AlreadyThereError(StaleVersionError):
    """``If-None-Match: *`` asked for nothing to be there, and something is."""

    code: ClassVar[str] = "records-already-there"

    def __init__(self) -> None:
        super().__init__("This resource is there already: read it, or update it with If-Match.")


def expected_version(header: str | None) -> int | None:
    """Return the version an If-Match header names, ``None`` without the header."""
    if header is None:
        return None
    found = _ETAG.match(header.strip())
    if found is None:
        raise BadVersionTagError
    return int(found[1])


def expected_of(headers: Mapping[str, str]) -> int | None:
    """Return the version that must be current for a write; 0 is none (``If-None-Match: *``)."""
    expected = expected_version(headers.get("if-match"))
    if expected is None and headers.get("if-none-match", "").strip() == "*":
        return 0
    return expected


def require_expected(expected: int | None, version: int) -> None:
    """Raise unless the version that stands is the one a write expects (0: none)."""
    if expected is None or expected == version:
        return
    raise AlreadyThereError if expected == 0 else ChangedSinceReadError


def is_known(headers: Mapping[str, str], document: Document) -> bool:
    """Report whether the asker holds this version already."""
    known_tags = headers.get("if-none-match")
    if known_tags is not None:
        tags = {tag.strip() for tag in known_tags.split(",")}
        return etag(document) in tags or "*" in tags
    since = _http_instant(headers.get("if-modified-since"))
    return since is not None and document.stored_at.replace(microsecond=0) <= since


def _http_instant(header: str | None) -> datetime | None:
    if header is None:
        return None
    try:
        instant = parsedate_to_datetime(header)
    except ValueError:
        # An unreadable date is passed over, as HTTP asks.
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
