"""Serving on sockets of our own or handed over, and ending so that no request is lost."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

import uvicorn
from typing_extensions import override

from careflow import settings
from careflow.app.guards import Application
from careflow.app.health import Draining
from careflow.errors import BadInputError

_FIRST_DESCRIPTOR = 3
"""Where systemd's protocol begins to hand over sockets."""
_SETTLE_S = 0.2
"""Between taking no more connections and closing idle ones: one that was just taken has not yet
been read, and looks idle."""
_GRACE_S = 5
"""How long requests have to end; with draining and the rest a stop stays under ten seconds."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, not yet listening.

    Raises:
        BadInputError: The port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BadInputError(f"Port {port} on {host} cannot be used: {error.strerror}.") from error
    return listening


def inherited() -> list[socket.socket]:
    """Return the sockets that systemd handed over, if any."""
    count = settings.handed_over().sockets
    return [socket.socket(fileno=_FIRST_DESCRIPTOR + number) for number in range(count)]


async def serve(
    application: Application,
    listening: Sequence[socket.socket],
    draining: Draining,
    *,
    drain_s: float,
) -> None:
    """Serve until told to stop; what was taken is answered."""
    only_local = all(each.family == socket.AF_UNIX for each in listening)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        # Nothing here speaks WebSocket, whatever libraries are installed.
        ws="none",
        timeout_graceful_shutdown=_GRACE_S,
        # Only a proxy of this host reaches a socket in a folder of its own.
        forwarded_allow_ips="*" if only_local else None,
    )
    await _Server(config, draining, drain_s).serve(sockets=list(listening))


class _Server(uvicorn.Server):
    """Tells systemd when it is ready; when told to stop, says so for a while before it does."""

    def __init__(self, config: uvicorn.Config, draining: Draining, drain_s: float) -> None:
        super().__init__(config)
        self._draining, self._drain_s = draining, drain_s
        self._loop: asyncio.AbstractEventLoop | None = None

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        _notify(b"READY=1")

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain; told again, or interrupted by hand, stop at once."""
        is_patient = self._drain_s > 0 and sig == signal.SIGTERM and not self._draining.has_begun
        self._draining.begin()
        _notify(b"STOPPING=1")
        # From now on each answer closes its connection, so that none is cut between two requests.
        closing = (b"connection", b"close")
        self.config.encoded_headers.append(closing)
        self.server_state.default_headers.append(closing)
        if is_patient and self._loop is not None:
            loop, stop = self._loop, super().handle_exit
            loop.call_soon_threadsafe(loop.call_later, self._drain_s, stop, sig, frame)
        else:
            super().handle_exit(sig, frame)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await asyncio.sleep(_SETTLE_S)
        await super().shutdown(sockets)


def _notify(state: bytes) -> None:
    """Tell systemd, where it asked to be told."""
    address = settings.handed_over().notify
    if address is None:
        return
    place = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, suppress(OSError):
        told.sendto(state, place)
