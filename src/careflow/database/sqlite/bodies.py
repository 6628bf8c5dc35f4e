"""Bodies as they are kept: compressed with a dictionary learnt from the file's own documents.

The dictionary of a collection is made from its newest documents once there are some hundred, and
made anew as it grows. Each dictionary stays in the file, because what was packed with it needs it.
A kept body begins with the number of its dictionary, two bytes; ``RAW`` and ``PLAIN`` need none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard

from careflow.database.failures import DamagedBodyError
from careflow.database.sqlite.connection import rows

if TYPE_CHECKING:
    import apsw

RAW = 0
"""Kept as it is."""
PLAIN = 1
"""Compressed without a dictionary."""
FIRST_DICTIONARY = 2

NUMBER_BYTES = 2
NUMBER_MOST = 2 ** (8 * NUMBER_BYTES) - 1
_RAW_HEAD = RAW.to_bytes(NUMBER_BYTES, "big")
LEVEL = 3
DICTIONARY_BYTES = 32 * 1024
SAMPLES = 400
SAMPLE_BYTES = 8 * 1024
"""Of a longer body only so much is learnt from."""
LEARN_AT = (200, 2_000, 20_000)
"""Documents of a collection at which its dictionary is made, and made anew."""
SMALL = 64
"""Shorter bodies are kept as they are."""
STREAM = "stream:"
"""Before the name of a stream, the kind under which its entries are a collection here."""
LONG = 512
"""Bodies from this length on are compressed without a dictionary where there is none yet."""


class Bodies:
    """Unpacks kept bodies on one connection; for one thread at a time."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        plain = zstandard.ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
        self._unpackers: dict[bytes, Callable[[bytes], bytes]] = {
            _RAW_HEAD: bytes,
            PLAIN.to_bytes(NUMBER_BYTES, "big"): plain.decompress,
        }

    def unpack(self, kept: bytes) -> bytes:
        """Return a body as it was given; what is empty (a deletion) stays empty.

        Raises:
            DamagedBodyError: It was not packed by this store, or its dictionary is gone.
        """
        if not kept:
            return kept
        head = kept[:NUMBER_BYTES]
        try:
            return (self._unpackers.get(head) or self._learn(head))(kept[NUMBER_BYTES:])
        except zstandard.ZstdError as error:
            raise DamagedBodyError from error

    def unpack_each(self, kept: Sequence[bytes]) -> list[bytes]:
        """Return each body as it was given; see :meth:`unpack`."""
        unpackers, unpack = self._unpackers, self.unpack
        try:
            return [
                unpackers[body[:NUMBER_BYTES]](body[NUMBER_BYTES:]) if body else body
                for body in kept
            ]
        except KeyError:  # a dictionary that was not read yet
            return [unpack(body) for body in kept]
        except zstandard.ZstdError as error:
            raise DamagedBodyError from error

    def unpack_or_leave(self, kept: bytes) -> bytes:
        """Return a body as it was given, or as it is kept where it is damaged: for the trail.

        Whoever checks it finds that it is not what was sealed.
        """
        try:
            return self.unpack(kept)
        except DamagedBodyError:
            return kept

    def _learn(self, head: bytes) -> Callable[[bytes], bytes]:
        number = int.from_bytes(head, "big")
        content = self._connection.execute(
            "SELECT content FROM dictionaries WHERE number = ?", (number,)
        ).get
        if content is None:
            raise DamagedBodyError
        decompressor = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(content),
            format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        )
        unpacker: Callable[[bytes], bytes] = decompressor.decompress
        self._unpackers[head] = unpacker
        return unpacker


class _Collection:
    """How one collection's bodies are packed now, and when to learn again."""

    __slots__ = ("compressor", "count", "learn_at", "number")

    def __init__(self, count: int, learn_at: int | None) -> None:
        self.count = count
        self.learn_at = learn_at
        self.number = PLAIN
        self.compressor: zstandard.ZstdCompressor | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the bodies of a collection are: how many there are, and the newest."""

    count: str
    newest: str


DOCUMENTS = Shelf(
    count="SELECT count(*) FROM (SELECT 1 FROM documents WHERE collection = ? LIMIT ?)",
    newest="SELECT body FROM documents INDEXED BY documents_standing"
    " WHERE collection = ? AND deleted = 0 ORDER BY number DESC LIMIT ?",
)
_OF_STREAM = (
    "FROM streams WHERE (organisation, stream) ="
    f" (SELECT organisation, substr(kind, {len(STREAM) + 1}) FROM collections WHERE id = ?)"
)
STREAMS = Shelf(
    count=f"SELECT count(*) FROM (SELECT 1 {_OF_STREAM} LIMIT ?)",
    newest=f"SELECT body {_OF_STREAM} ORDER BY position DESC LIMIT ?",
)


class Packing:
    """Packs the bodies of one shelf on the connection that writes.

    What a transaction learnt is forgotten again when it is undone.
    """

    def __init__(self, connection: apsw.Connection, bodies: Bodies, shelf: Shelf) -> None:
        self._connection = connection
        self._bodies = bodies
        self._shelf = shelf
        self._plain = _compressor(None)
        self._collections: dict[int, _Collection] = {}
        self._due: set[int] = set()
        self._learnt: list[int] = []

    def pack(self, collection: int, body: bytes) -> bytes:
        """Return the bytes to keep for a new body of a collection."""
        known = self._collections.get(collection) or self._look_up(collection)
        known.count += 1
        if known.learn_at is not None and known.count >= known.learn_at:
            self._due.add(collection)
        compressor = known.compressor
        if compressor is None or len(body) < SMALL:
            if len(body) < LONG:
                return _RAW_HEAD + body
            compressor = self._plain
        packed = compressor.compress(body)
        if len(packed) >= len(body):
            return _RAW_HEAD + body
        number = known.number if compressor is known.compressor else PLAIN
        return number.to_bytes(NUMBER_BYTES, "big") + packed

    def learn(self) -> None:
        """Make the dictionaries that are due; called before a transaction commits."""
        while self._due:
            collection = self._due.pop()
            learnt_at = self._collections[collection].learn_at or 0
            self.learn_from(collection, self._newest(collection), learnt_at)

    def learn_from(self, collection: int, samples: list[bytes], learnt_at: int) -> None:
        """Make a collection's dictionary from samples, if they are good for one.

        ``learnt_at`` is how many documents the collection has.
        """
        known = self._collections.get(collection) or self._look_up(collection)
        self._learnt.append(collection)
        known.learn_at = _next_of(learnt_at)
        content = _dictionary(samples)
        number = self._next_number()
        if content is None or number > NUMBER_MOST:
            return
        self._connection.execute(
            "INSERT INTO dictionaries VALUES (?, ?, ?, ?)",
            (number, collection, learnt_at, content),
        )
        known.number, known.compressor = number, _compressor(content)

    def keep(self) -> None:
        """The transaction is durable: what it learnt stays."""
        self._learnt.clear()

    def forget(self) -> None:
        """Forget what was learnt, because it was undone."""
        for collection in self._learnt:
            self._collections.pop(collection, None)
        self._learnt.clear()

    def _look_up(self, collection: int) -> _Collection:
        found = rows(
            self._connection,
            "SELECT number, learnt_at, content FROM dictionaries WHERE collection = ?"
            " ORDER BY number DESC LIMIT 1",
            (collection,),
        )
        number, learnt_at, content = found[0] if found else (PLAIN, 0, None)
        learn_at = _next_of(learnt_at)
        known = _Collection(self._count(collection, learn_at or 0), learn_at)
        if content is not None:
            known.number, known.compressor = number, _compressor(content)
        self._collections[collection] = known
        return known

    def _count(self, collection: int, most: int) -> int:
        return int(self._connection.execute(self._shelf.count, (collection, most)).get)

    def _newest(self, collection: int) -> list[bytes]:
        kept = rows(self._connection, self._shelf.newest, (collection, SAMPLES))
        return [self._bodies.unpack(row[0]) for row in kept]

    def _next_number(self) -> int:
        last = self._connection.execute("SELECT max(number) FROM dictionaries").get
        return FIRST_DICTIONARY if last is None else int(last) + 1


def _next_of(learnt_at: int) -> int | None:
    return next((each for each in LEARN_AT if each > learnt_at), None)


def _dictionary(samples: list[bytes]) -> bytes | None:
    cut: list[bytes | bytearray | memoryview] = [sample[:SAMPLE_BYTES] for sample in samples]
    try:
        return zstandard.train_dictionary(DICTIONARY_BYTES, cut, level=LEVEL).as_bytes()
    except zstandard.ZstdError:
        return None  # too few or too much alike to learn from


def _compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    # Neither magic number, checksum nor dictionary number: the file is authenticated by its cipher
    # and the dictionary is named before the frame.
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        write_checksum=False,
        write_dict_id=False,
        write_content_size=True,
    )
    if dictionary is None:
        return zstandard.ZstdCompressor(compression_params=parameters)
    data = zstandard.ZstdCompressionDict(dictionary)
    data.precompute_compress(level=LEVEL)
    return zstandard.ZstdCompressor(dict_data=data, compression_params=parameters)
