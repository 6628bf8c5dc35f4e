"""References between resources: how they are written, and rewriting them inside bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

_LITERAL = re.compile(
    r"^(?P<base>https?://\S+/|)(?P<type>[A-Z][A-Za-z]{2,63})/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/(?P<version>[A-Za-z0-9\-.]{1,64}))?\Z"
)
_REFERENCE_MEMBER = re.compile(
    rb'"(?P<member>reference|url|uri|valueUri|valueUrl)"(?P<colon>\s*:\s*)'
    rb'(?P<text>"(?:[^"\\]|\\.)*")'
)
_IN_PATIENT = re.compile(rb'"reference"\s*:\s*"Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^"]*)?"')


@dataclass(frozen=True, slots=True)
class Reference:
    """A literal reference taken apart.

    Attributes:
        base: Server address with its last slash, empty when relative.
    """

    type: str
    id: str
    version: str | None = None
    base: str = ""

    @property
    def relative(self) -> str:
        """Return ``Patient/123``, without server and version."""
        return f"{self.type}/{self.id}"


def parse_reference(text: str) -> Reference | None:
    """Take a relative or absolute reference apart; ``None`` for ``urn:``, ``#`` and other texts."""
    match = _LITERAL.match(text)
    if match is None:
        return None
    return Reference(match["type"], match["id"], match["version"], match["base"])


def reference_term(text: str) -> tuple[str, str | None]:
    """Return (index value, type it points to): the version is dropped, a server address kept."""
    type_, slash, rest = text.partition("/")
    if slash and "/" not in rest and ":" not in type_:
        return text, type_
    literal = parse_reference(text)
    if literal is None:
        return text, None
    return literal.base + literal.relative, literal.type


def references_in(body: bytes) -> list[str]:
    """Return the text of every ``reference`` member in a resource or bundle, in order."""
    return [
        json.loads(match["text"])
        for match in _REFERENCE_MEMBER.finditer(body)
        if match["member"] == b"reference"
    ]


def patients_in(body: bytes) -> list[str]:
    """Return the ids of patients that a resource's relative references name, each once."""
    return list(dict.fromkeys(id.decode() for id in _IN_PATIENT.findall(body)))


def rewrite_references(body: bytes, mapping: Mapping[str, str]) -> bytes:
    """Replace references inside a resource's bytes; every other byte stays.

    ``reference`` members are replaced when their whole text is a key of ``mapping``; members that
    hold a uri or url only for ``urn:`` keys, as a transaction asks for. Text inside strings is
    never touched: a member's name is a string followed by a colon, and a quote inside a string
    is escaped.
    """
    if not mapping:
        return body

    def replaced(match: re.Match[bytes]) -> bytes:
        text: str = json.loads(match["text"])
        target = mapping.get(text)
        if target is None or (match["member"] != b"reference" and not text.startswith("urn:")):
            return match[0]
        return b'"%b"%b%b' % (match["member"], match["colon"], json.dumps(target).encode())

    return _REFERENCE_MEMBER.sub(replaced, body)
