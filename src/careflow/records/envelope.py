"""The envelope of a Bundle: its entries as they were sent, each resource left as raw bytes.

Only the envelope is read here; each resource is parsed and validated on its own, so that an error
names the entry it is in and no number loses a digit on the way.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

import msgspec

from careflow.errors import BadInputError, UnprocessableError
from careflow.fhir.issue import InvalidResourceError
from careflow.fhir.json_text import text_issues

BundleType = Literal[
    "document",
    "message",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "history",
    "searchset",
    "collection",
]
Method = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]

ENTRIES_MAX: Final = 20_000
"""More than this in one bundle is an import, not a request."""


NOTHING: Final = msgspec.Raw()


class BadBundleError(BadInputError):
    """Not JSON, or not a Bundle as FHIR describes it."""

    code: ClassVar[str] = "records-bad-bundle"


class BadEntryError(UnprocessableError):
    """An entry of a bundle that cannot be carried out; nothing of the bundle was stored."""

    code: ClassVar[str] = "records-bad-entry"
    issue: ClassVar[str] = "invalid"

    def __init__(self, index: int, message: str, *, inside: str = "") -> None:
        self.index = index
        super().__init__(message, place=f"Bundle.entry[{index}]{inside}")


class Request(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """``Bundle.entry.request``."""

    method: Method
    url: str
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    if_none_exist: str | None = None
    id: str | None = None
    extension: list[Any] | None = None
    modifier_extension: list[Any] | None = None


class Entry(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """``Bundle.entry``, the resource unread."""

    full_url: str | None = None
    resource: msgspec.Raw = NOTHING
    request: Request | None = None
    search: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    link: list[Any] | None = None
    id: str | None = None
    extension: list[Any] | None = None
    modifier_extension: list[Any] | None = None


class Envelope(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """A Bundle, its resources unread."""

    resource_type: Literal["Bundle"]
    type: BundleType
    entry: list[Entry] = []
    id: str | None = None
    meta: dict[str, Any] | None = None
    implicit_rules: str | None = None
    language: str | None = None
    identifier: dict[str, Any] | None = None
    timestamp: str | None = None
    total: int | None = None
    link: list[Any] | None = None
    signature: dict[str, Any] | None = None


_DECODER: Final = msgspec.json.Decoder(Envelope)


def open_envelope(body: bytes, *, entries_max: int | None = ENTRIES_MAX) -> Envelope:
    """Read a Bundle's envelope.

    Raises:
        BadBundleError: It is not JSON, or no Bundle; the message names the place.
        InvalidResourceError: A member is there twice, or something in it is empty.
    """
    try:
        envelope = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadBundleError(_sentence(error), place="Bundle") from error
    # Written again, every member is there once: a doubled one would have been passed over.
    issues = text_issues(body, msgspec.json.encode(envelope), "Bundle")
    if issues:
        raise InvalidResourceError(issues)
    if entries_max is not None and len(envelope.entry) > entries_max:
        raise BadBundleError(f"A bundle takes at most {entries_max} entries.", place="Bundle.entry")
    return envelope


def _sentence(error: Exception) -> str:
    """Say what is wrong with the envelope: field names and places, never values.

    A validation error of the envelope quotes nothing but names of fields and types; other values
    (an unknown method, say) are left out.
    """
    if isinstance(error, msgspec.ValidationError):
        text = str(error)
        if text.startswith("Invalid enum value"):
            text = "Invalid value" + text[text.rfind(" - at ") :]
        return f"This is not a valid Bundle: {text}."
    return "The body is not valid JSON."
