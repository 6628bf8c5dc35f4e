"""What one entry of a transaction or batch asks for, read and checked before anything is done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from careflow.database.documents import Document
from careflow.records.envelope import BadEntryError, Entry, Method
from careflow.records.preconditions import BadVersionTagError, expected_version

_ID: Final = re.compile(r"[A-Za-z0-9\-.]{1,64}")

ORDER: Final[dict[Method, int]] = {"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 3}
"""The order in which the standard has a transaction carried out."""


@dataclass(slots=True)
class Step:
    """One entry of a bundle, understood.

    Attributes:
        index: Where it stands in the bundle.
        id: What it will be stored under; of a POST, set when it is minted or found.
        content: The resource as sent; empty for GET and DELETE.
        condition: Criteria of ``ifNoneExist``.
        existing: What meets the condition already: nothing is to be created.
    """

    index: int
    method: Method
    url: str
    kind: str
    id: str
    content: bytes
    full_url: str | None = None
    expected: int | None = None
    condition: str | None = None
    existing: Document | None = None

    @property
    def address(self) -> str:
        """Return ``Type/id``."""
        return f"{self.kind}/{self.id}"


def step_of(index: int, entry: Entry, *, base: str, types: frozenset[str]) -> Step:
    """Understand an entry.

    Raises:
        BadEntryError: Its request is missing or is not offered inside a bundle.
    """
    request = entry.request
    if request is None:
        raise BadEntryError(index, "An entry of a transaction or batch needs a request.")
    url = request.url.removeprefix(f"{base}/").removeprefix("/")
    if request.method == "PATCH":
        raise BadEntryError(index, "PATCH is not offered.", inside=".request.method")
    path, _, query = url.partition("?")
    kind, _, id = path.strip("/").partition("/")
    if kind not in types and request.method in {"POST", "PUT", "DELETE"}:
        raise BadEntryError(index, "The url names no resource type.", inside=".request.url")
    step = Step(
        index=index,
        method=request.method,
        url=url,
        kind=kind,
        id=id,
        content=bytes(entry.resource),
        full_url=entry.full_url,
        expected=_expected(index, request.if_match),
        condition=request.if_none_exist,
    )
    _require_shape(step, query)
    return step


def _expected(index: int, if_match: str | None) -> int | None:
    try:
        return expected_version(if_match)
    except BadVersionTagError as error:
        raise BadEntryError(index, error.message, inside=".request.ifMatch") from error


def _require_shape(step: Step, query: str) -> None:
    """Raise unless url, method and content fit together."""
    if step.method in {"GET", "HEAD"}:
        return
    if query:
        message = "Conditional update and delete are not offered: name the resource by its id."
        raise BadEntryError(step.index, message, inside=".request.url")
    if step.method == "POST" and step.id:
        raise BadEntryError(step.index, "POST takes a type alone.", inside=".request.url")
    if step.method in {"PUT", "DELETE"} and _ID.fullmatch(step.id) is None:
        message = f"{step.method} takes a type and a valid id, like Patient/123."
        raise BadEntryError(step.index, message, inside=".request.url")
    if step.method in {"POST", "PUT"} and not step.content:
        raise BadEntryError(step.index, "This entry needs a resource.", inside=".resource")


class _Named(msgspec.Struct):
    id: str | None = None


_ID_OF: Final = msgspec.json.Decoder(_Named)


def id_within(content: bytes) -> str | None:
    """Return the id a resource carries, ``None`` if it has none that is valid."""
    try:
        id = _ID_OF.decode(content).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return id if id is not None and _ID.fullmatch(id) else None
