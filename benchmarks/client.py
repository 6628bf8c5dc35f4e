"""A small keep-alive HTTP/1.1 load client: so many connections, each asking again when answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Load:
    """What came of one run: latencies in seconds, answers by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def rate(self) -> float:
        """Return answers per second of wall time."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """Return a latency percentile in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request(
    method: str, path: str, *, token: str | None = None, body: bytes = b"", media: str = ""
) -> bytes:
    """Return a whole request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += [f"Content-Type: {media}", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def run(
    port: int, next_request: Callable[[], bytes], *, connections: int, seconds: float
) -> Load:
    """Ask until the time is over and return what came of it."""
    load = Load()
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(
        *(_connection(port, next_request, until, load) for _ in range(connections))
    )
    load.seconds = time.perf_counter() - started
    return load


async def _connection(
    port: int, next_request: Callable[[], bytes], until: float, load: Load
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (began := time.perf_counter()) < until:
            writer.write(next_request())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _content_length(head)
            if length:
                await reader.readexactly(length)
            status = int(head[9:12])
            load.statuses[status] = load.statuses.get(status, 0) + 1
            load.latencies.append(time.perf_counter() - began)
    finally:
        writer.close()


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at < 0:
        return 0
    return int(lowered[at + 15 : lowered.index(b"\r\n", at)])
