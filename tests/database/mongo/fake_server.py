"""A server that answers the greeting as told and nothing else, for what no stand-in shows."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import bson

OP_QUERY, OP_REPLY, OP_MSG = 2004, 1, 2013

GREETING = {
    "ok": 1.0,
    "helloOk": True,
    "isWritablePrimary": True,
    "ismaster": True,
    "maxBsonObjectSize": 16 * 1024 * 1024,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "logicalSessionTimeoutMinutes": 30,
    "minWireVersion": 0,
    "maxWireVersion": 25,
}


def _reply(request: int, kind: int, answer: bytes) -> bytes:
    if kind == OP_QUERY:
        body = struct.pack("<iqii", 8, 0, 0, 1) + answer
        code = OP_REPLY
    else:
        body = struct.pack("<IB", 0, 0) + answer
        code = OP_MSG
    return struct.pack("<iiii", 16 + len(body), 1, request, code) + body


@asynccontextmanager
async def greeting_with(more: Mapping[str, object]) -> AsyncIterator[str]:
    """Serve on a free loopback port; yield the address."""
    answer = bson.encode({**GREETING, **more})
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length, request, _, kind = struct.unpack("<iiii", await reader.readexactly(16))
                await reader.readexactly(length - 16)
                writer.write(_reply(request, kind, answer))
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield f"mongodb://127.0.0.1:{port}/clinic"
    server.close()
    for writer in writers:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
