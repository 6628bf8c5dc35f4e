"""Links in messages: signed, for one purpose, until an instant; at rest only their hash is kept.

A link is made from what it is for and a key outside the database, so a message that is sent again
carries the same one, and a stolen database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents, Entries, Put
from careflow.database.scope import COMPARTMENT, organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError

LINK: Final = "visit-link"
Purpose = Literal["confirm", "cancel", "move", "choose", "offer", "stop"]
_NAME_BYTES: Final = 12
_MAC_BYTES: Final = 16
PATH: Final = "/link#"
"""The token stands behind the fragment's sign, which browsers keep to themselves."""


class NoSuchLinkError(NotFoundError):
    """A link that never was, is used up, over or of another visit: all look the same."""

    code: ClassVar[str] = "messaging-no-such-link"

    def __init__(self) -> None:
        super().__init__("This link does not work any more. Please call the clinic.")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a link is for.

    Attributes:
        sequence: Of the visit, as the message told of it.
        offer: The offered time, for "offer".
        way, contact: By which the message went, for "stop".
        until: From when on it is over.
        left: How it was used, where that ends it.
    """

    purpose: Purpose
    patient: str
    visit: str = ""
    sequence: int = 0
    offer: str = ""
    way: str = ""
    contact: str = ""
    until: datetime
    left: str = ""


_decoder = msgspec.json.Decoder(Link)


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one organisation."""

    documents: Documents
    organisation: str
    key: bytes
    clock: Clock

    def put(self, work: Work, link: Link, *, message: str) -> str:
        """Stage a link of a message and return its token; again is the same."""
        token = self.token(link, message=message)
        work.put(self._put(self._id(token), link, expected=None))
        return token

    def token(self, link: Link, *, message: str) -> str:
        """Return the token of a message's link."""
        said = "\0".join((self.organisation, message, link.purpose, link.visit, link.offer))
        name = hashlib.sha256(said.encode()).digest()[:_NAME_BYTES]
        return base64.urlsafe_b64encode(name + self._mac(name)).decode().rstrip("=")

    async def read(self, token: str) -> tuple[Link, int]:
        """Return an open link and its version, or raise :class:`NoSuchLinkError`."""
        if not self._is_ours(token):
            raise NoSuchLinkError
        scope = organisation_scope(self.organisation)
        found = await self.documents.read(LINK, self._id(token), scope)
        if found is None or found.deleted:
            raise NoSuchLinkError
        link = _decoder.decode(found.body)
        if link.until <= self.clock():
            raise NoSuchLinkError
        return link, found.version

    def leave(self, work: Work, token: str, link: Link, how: str, *, expected: int) -> None:
        """Stage how a link was used."""
        used = msgspec.structs.replace(link, left=how)
        work.put(self._put(self._id(token), used, expected=expected))

    def name_of(self, token: str) -> str:
        """Return what the trail calls whoever holds a link."""
        return f"link-{self._id(token)[:16]}"

    def _is_ours(self, token: str) -> bool:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return False
        name, mac = raw[:_NAME_BYTES], raw[_NAME_BYTES:]
        return hmac.compare_digest(mac, self._mac(name))

    def _mac(self, name: bytes) -> bytes:
        return hmac.digest(self.key, name, "sha256")[:_MAC_BYTES]

    def _id(self, token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()[:60]

    def _put(self, id: str, link: Link, *, expected: int | None) -> Put:
        terms = [("patient", link.patient), (COMPARTMENT, link.patient)]
        body = msgspec.json.encode(link)
        return Put(
            LINK,
            id,
            body,
            self.organisation,
            Entries(terms=terms),
            expected=expected,
            keep_history=False,
        )
