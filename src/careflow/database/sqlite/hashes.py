"""Keyed hashes of what is searched for: no value stands in an index, and nobody can aim at one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b

HASH_BYTES = 12
PLACE_BYTES = 4
HASHES_KEPT = 16_384


class Hashes:
    """Keyed 96-bit hashes of terms, units, sets of them and series keys; common ones are kept.

    The first bytes of a term's hash come from the end of its value alone ("Patient/7" and "7",
    "loinc|718-7" and "718-7"), so that what is written together lies on the same page of the index.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.term: Callable[[int, str, str], bytes] = lru_cache(HASHES_KEPT)(self._term)
        # What a scope asks for with every read, wide as it may be.
        self.terms: Callable[[int, str, tuple[str, ...]], tuple[bytes, ...]] = lru_cache(256)(
            self._terms
        )
        self.any_of: Callable[[int, str, tuple[str, ...]], frozenset[bytes]] = lru_cache(256)(
            lambda *asked: frozenset(self._terms(*asked))
        )
        self.series: Callable[[int, str], bytes] = lru_cache(HASHES_KEPT)(self._series)
        self._place: Callable[[str], bytes] = lru_cache(HASHES_KEPT)(
            lambda tail: self._hash(tail, PLACE_BYTES, b"place")
        )

    def qualifier(self, field: int, qualifier: str) -> bytes:
        """Return the hash of what qualifies an interval of a field."""
        return self._hash(f"{field} {qualifier}", HASH_BYTES, b"qualifier")

    def together(self, hashes: Iterable[bytes]) -> bytes:
        """Return the hash of several hashes as a set."""
        return self._digest(b"".join(sorted(hashes)), HASH_BYTES, b"together")

    def _terms(self, collection: int, parameter: str, values: tuple[str, ...]) -> tuple[bytes, ...]:
        return tuple(self.term(collection, parameter, value) for value in dict.fromkeys(values))

    def _term(self, collection: int, parameter: str, value: str) -> bytes:
        # A length before the parameter keeps ("a", "b c") apart from ("a b", "c").
        text = f"{collection} {len(parameter)} {parameter} {value}"
        tail = value[max(value.rfind("/"), value.rfind("|")) + 1 :]
        return self._place(tail) + self._hash(text, HASH_BYTES - PLACE_BYTES)

    def _series(self, collection: int, key: str) -> bytes:
        return self._hash(f"{collection} {key}", HASH_BYTES, b"series")

    def _hash(self, text: str, size: int, person: bytes = b"term") -> bytes:
        return self._digest(text.encode(), size, person)

    def _digest(self, text: bytes, size: int, person: bytes) -> bytes:
        return blake2b(text, digest_size=size, key=self._secret, person=person).digest()
