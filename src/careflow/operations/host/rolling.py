"""From one release to the next on one host, with no request lost: two colours on one socket."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from typing_extensions import override

from careflow.errors import CareFlowError
from careflow.operations.host.layout import COLOURS, Layout
from careflow.operations.host.units import API, WORKER

PATIENCE_S = 30.0
_ASKED_EVERY_S = 0.05
_RELEASE = re.compile(r"[0-9a-f]{12}")


class RollFailedError(CareFlowError):
    """The next release does not serve; the one before does, as it did."""

    code: ClassVar[str] = "host-roll-failed"


class Units(Protocol):
    """What starts and stops units: systemd, or what plays it on loopback."""

    def start(self, unit: str) -> bool:
        """Start a unit and report whether it is ready."""
        ...

    def stop(self, unit: str) -> None:
        """Stop a unit and return when it has ended."""
        ...

    def is_active(self, unit: str) -> bool:
        """Report whether a unit runs."""
        ...

    def last_line(self, unit: str) -> str:
        """Return the last line of a unit's log."""
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """What rolls: units, folders, and whether there are workers."""

    units: Units
    layout: Layout
    has_workers: bool = False
    sleep: Callable[[float], None] = time.sleep


def roll(host: Host, release: str) -> str:
    """Serve a release that lies under ``releases``; return the colour it has.

    The next colour starts on the same socket and must say that it is ready and of this release;
    only then is the other told to stop. A failure leaves everything as it was.

    Raises:
        RollFailedError: It does not start or does not serve; the sentence ends with its last line.
    """
    programs = Path(host.layout.programs)
    if not _RELEASE.fullmatch(release) or not (programs / "releases" / release).is_dir():
        raise RollFailedError(f"There is no release {release!r} on this host.")
    old = next((one for one in COLOURS if host.units.is_active(f"{API}{one}.service")), None)
    new = COLOURS[1] if old == COLOURS[0] else COLOURS[0]
    _point(programs / new, Path("releases") / release)
    if not host.units.start(f"{API}{new}.service") or not _serves(host, release):
        said = host.units.last_line(f"{API}{new}.service")
        host.units.stop(f"{API}{new}.service")
        raise RollFailedError(f"Release {release} does not serve, so nothing changed: {said}")
    _point(programs / "current", Path(new))
    if old is not None:
        host.units.stop(f"{API}{old}.service")
    if host.has_workers:
        host.units.start(f"{WORKER}{new}.service")
        if old is not None:
            host.units.stop(f"{WORKER}{old}.service")
    return new


def roll_back(host: Host) -> str:
    """Serve the release before this one; return the colour it has."""
    programs = Path(host.layout.programs)
    idle = [one for one in COLOURS if not host.units.is_active(f"{API}{one}.service")]
    if len(idle) != 1 or not (programs / idle[0]).exists():
        raise RollFailedError("There is no release before this one on this host.")
    return roll(host, (programs / idle[0]).resolve().name)


def _point(link: Path, to: Path) -> None:
    """Have a link point elsewhere, in one step."""
    partial = link.with_name(f".{link.name}.next")
    partial.unlink(missing_ok=True)
    partial.symlink_to(to)
    partial.replace(link)


def _serves(host: Host, release: str) -> bool:
    """Ask until the release answers: both colours take from one socket, so either may."""
    asked, enough = 0, int(PATIENCE_S / _ASKED_EVERY_S)
    while asked < enough:
        if _answering(host.layout.api) == release:
            return True
        asked += 1
        host.sleep(_ASKED_EVERY_S)
    return False


def _answering(place: str) -> str | None:
    """Return the release that says it is ready, if any does."""
    connection = _Local(place)
    try:
        connection.request("GET", "/api/health/ready", headers={"Host": "localhost"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    release = said.get("release") if isinstance(said, dict) else None
    return release if isinstance(release, str) else None


class _Local(http.client.HTTPConnection):
    """HTTP over a socket of this host, named by path or by address and port."""

    def __init__(self, place: str) -> None:
        super().__init__("localhost", timeout=5)
        self._place = place

    @override
    def connect(self) -> None:
        if self._place.startswith("/"):
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self._place)
            return
        address, _, port = self._place.rpartition(":")
        self.sock = socket.create_connection((address, int(port)), timeout=self.timeout)
