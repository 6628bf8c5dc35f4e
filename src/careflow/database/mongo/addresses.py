"""What an address must say before anything is sent to it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from careflow.errors import BadInputError

SCHEMES = ("mongodb", "mongodb+srv")
DATABASE = "careflow"
"""The database where the address names none."""

_UNVERIFIED = ("tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames")


class BadAddressError(BadInputError):
    """The address of the database cannot be used."""

    code: ClassVar[str] = "database-bad-address"


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be used.

    Attributes:
        url: May hold a password and is never shown.
        database: The name of the database.
        options: Names of the options that it sets itself, in lower case.
    """

    url: str = field(repr=False)
    database: str
    options: frozenset[str]


def address_of(url: str) -> Address:
    """Return the address of a URL.

    Raises:
        BadAddressError: It is not MongoDB's, or would send records over a network unprotected.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.netloc:
        raise BadAddressError("The database address must look like mongodb://host/database.")
    hosts = parts.netloc.rpartition("@")[2].split(",")
    options = {name.lower(): value.lower() for name, value in parse_qsl(parts.query)}
    if not all(_is_loopback(host) for host in hosts):
        _check_protection(options, by_default=parts.scheme == "mongodb+srv")
    database = unquote(parts.path.strip("/")) or DATABASE
    return Address(url, database, frozenset(options))


def _check_protection(options: dict[str, str], *, by_default: bool) -> None:
    asked = options.get("tls", options.get("ssl"))
    if asked != "true" and not (asked is None and by_default):
        raise BadAddressError(
            "The database is on another machine, so its address must ask for TLS: add tls=true."
        )
    if any(options.get(name) == "true" for name in _UNVERIFIED):
        raise BadAddressError(
            "The database is on another machine, so its certificate must be checked: name its"
            " authority with tlsCAFile instead of allowing invalid ones."
        )


def _is_loopback(host: str) -> bool:
    if unquote(host).startswith("/"):  # a socket of this machine
        return True
    inside = host.removeprefix("[").partition("]")[0]
    name = inside if host.startswith("[") else host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
