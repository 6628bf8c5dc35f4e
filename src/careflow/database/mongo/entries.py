"""What the index holds about one document: arrays of hashed tokens, texts, intervals, series."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from careflow.database.documents import Entries
from careflow.database.matching import AFTER_ANY_TEXT, indexed, span_of
from careflow.database.scope import COMPARTMENT

PARAMETER_BYTES = 4
VALUE_BYTES = 8
TOKEN_BYTES = PARAMETER_BYTES + VALUE_BYTES
HASHES_KEPT = 16_384
SEPARATOR = "\x1f"
"""Between the parts of a key: it occurs in no identifier and no text."""


class Hashes:
    """Hashes of terms, series and patients, keyed with a secret that the database does not hold.

    A term's token begins with a hash of organisation, kind and parameter, so that all tokens of one
    parameter lie together: "carries the parameter at all" is a range of the same index. Nobody
    without the secret can make two values that share a token; by chance, two of a hundred million
    values of one parameter do with a probability below one in three thousand.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.term: Callable[[str, str, str], bytes] = lru_cache(HASHES_KEPT)(self._term)
        # What a scope asks for with every read, wide as it may be.
        self.patients: Callable[[str, tuple[str, ...]], list[bytes]] = lru_cache(256)(
            self._patients
        )
        self.parameter: Callable[[str, str], bytes] = lru_cache(HASHES_KEPT)(
            lambda collection, name: self._hash((collection, name), PARAMETER_BYTES, b"parameter")
        )

    def bounds(self, collection: str, parameter: str) -> tuple[bytes, bytes]:
        """Return the least and the greatest token of a parameter."""
        prefix = self.parameter(collection, parameter)
        return prefix + b"\0" * VALUE_BYTES, prefix + b"\xff" * VALUE_BYTES

    def series(self, collection: str, key: str) -> bytes:
        """Return the hash of a series."""
        return self._hash((collection, key), TOKEN_BYTES, b"series")

    def patient(self, organisation: str, patient: str) -> bytes:
        """Return the hash by which a patient's compartment is told on every version."""
        return self._hash((organisation, patient), TOKEN_BYTES, b"patient")

    def _patients(self, organisation: str, patients: tuple[str, ...]) -> list[bytes]:
        return [self.patient(organisation, patient) for patient in patients]

    def _term(self, collection: str, parameter: str, value: str) -> bytes:
        parts = (collection, parameter, value)
        return self.parameter(collection, parameter) + self._hash(parts, VALUE_BYTES, b"term")

    def _hash(self, parts: tuple[str, ...], size: int, person: bytes) -> bytes:
        # A length before each part keeps ("a", "bc") apart from ("ab", "c").
        text = "".join(f"{len(part)} {part}" for part in parts).encode()
        return blake2b(text, digest_size=size, key=self._secret, person=person).digest()


def collection_of(organisation: str, kind: str) -> str:
    """Return the name of an organisation's kind, which hashes are bound to."""
    return f"{organisation}{SEPARATOR}{kind}"


def key_of(organisation: str, *rest: str) -> str:
    """Return a key that is unique over organisations."""
    return SEPARATOR.join((organisation, *rest))


def text_bounds(parameter: str, prefix: str = "") -> tuple[str, str]:
    """Return between what (inclusive, exclusive) texts of a parameter with a prefix stand."""
    low = text_of(parameter, prefix)
    return low, low + AFTER_ANY_TEXT


def text_of(parameter: str, text: str) -> str:
    """Return a text as it is indexed."""
    return f"{parameter}{SEPARATOR}{text}"


def index(entries: Entries, collection: str, hashes: Hashes) -> dict[str, Any]:
    """Return the fields by which a document is found: e(ntries), x (texts), r(anges), z (series).

    Fields that would be empty are left out.
    """
    tokens = {hashes.term(collection, *term) for term in entries.terms}
    texts = {text_of(parameter, indexed(value)) for parameter, value in entries.texts}
    ranges = {
        (
            hashes.parameter(collection, parameter),
            span_of(low, high),
            float(low),
            float(high),
            qualifier,
        )
        for parameter, low, high, qualifier in entries.ranges
    }
    series = {hashes.series(collection, key): float(order) for key, order in entries.series}
    fields: dict[str, Any] = {
        "e": sorted(tokens),
        "x": sorted(texts),
        "r": [_range(*each) for each in sorted(ranges)],
        "z": [{"k": key, "o": order} for key, order in sorted(series.items())],
    }
    return {name: value for name, value in fields.items() if value}


def patients_of(entries: Entries, organisation: str, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the hashes of the patients whose compartment the document is in."""
    found = {hashes.patient(organisation, value) for name, value in entries.terms if _is_own(name)}
    return tuple(sorted(found))


def _is_own(parameter: str) -> bool:
    return parameter == COMPARTMENT


def _range(parameter: bytes, span: int, low: float, high: float, qualifier: str) -> dict[str, Any]:
    interval = {"p": parameter, "w": span, "l": low, "h": high}
    return {**interval, "q": qualifier} if qualifier else interval
