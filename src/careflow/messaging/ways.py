"""The ways out as ports: what a mail or a text message is, and how giving one over may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from careflow.errors import UnavailableError, UnprocessableError

Effect = Literal["sends", "captured", "off"]
"""Whether what is given to a way reaches people, is only kept for staff to see, or is not taken."""


class NotReachedError(UnavailableError):
    """The server or provider could not be reached, or asked to come again later."""

    code: ClassVar[str] = "messaging-not-reached"

    def __init__(self) -> None:
        super().__init__("The server that sends messages cannot be reached: it is tried again.")


class RefusedError(UnprocessableError):
    """The server or provider will not take the message, however often it is tried.

    Attributes:
        stops: Whether the recipient asked not to be written to.
    """

    code: ClassVar[str] = "messaging-refused"

    def __init__(self, *, stops: bool = False) -> None:
        super().__init__("The message was refused: check the address or number, or call.")
        self.stops = stops


@dataclass(frozen=True, slots=True)
class Entry:
    """A calendar entry that goes with a mail: its text and what its method is."""

    text: str
    method: Literal["REQUEST", "CANCEL", "PUBLISH"]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail.

    Attributes:
        id: Of the message; the same when it is sent again, so that a reader can tell.
        stop: Address that ends messages to this recipient.
    """

    id: str
    to: str
    subject: str
    text: str
    entries: tuple[Entry, ...] = ()
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message."""

    id: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a text message; ``id`` is the provider's."""

    id: str
    number: str
    text: str


class MailWay(Protocol):
    """Sends mail."""

    @property
    def effect(self) -> Effect:
        """Return what becomes of a mail."""
        ...

    @property
    def sender(self) -> str:
        """Return from whom it comes."""
        ...

    async def send(self, mail: Mail) -> None:
        """Give a mail over, or raise :class:`NotReachedError` or :class:`RefusedError`."""
        ...


class SmsWay(Protocol):
    """Sends text messages."""

    @property
    def effect(self) -> Effect:
        """Return what becomes of a text message."""
        ...

    async def send(self, sms: Sms) -> None:
        """Give it over, or raise :class:`NotReachedError` or :class:`RefusedError`."""
        ...

    def heard(self, url: str, form: Mapping[str, str], signature: str) -> Reply | None:
        """Return the answer that was handed on to an address, ``None`` where that is not genuine.

        ``url`` is the address as the provider has it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ways:
    """What there is to send by; ``base`` is scheme and host of the links."""

    mail: MailWay
    sms: SmsWay
    base: str = ""

    def effect(self, way: Literal["mail", "sms"]) -> Effect:
        """Return what becomes of what is given to a way."""
        return self.mail.effect if way == "mail" else self.sms.effect
