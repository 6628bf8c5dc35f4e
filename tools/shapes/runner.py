"""Plays systemd on loopback: starts rendered units by their command lines, ends them by their ids.

It holds sockets while services come and go, hands them over by systemd's protocol, waits for
readiness to be told, gives credentials and variables. It does not sandbox.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools.shapes.unit_file import Unit, read_unit, variables

PATIENCE_S = 60.0
_FIRST_DESCRIPTOR = 3
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH")
_STARTER = ThreadPoolExecutor(1)
"""The kernel ends a process with the thread that started it, so one that stays starts all."""
# The shell becomes the service, so that its process id is the one the protocol names.
_HAND_OVER = 'LISTEN_PID=$$ exec "$@"'


@dataclass
class Process:
    """A service that runs.

    Attributes:
        notify: Where it says that it is ready, for ``Type=notify``.
    """

    process: subprocess.Popen[bytes]
    log: Path
    notify: socket.socket | None

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid


class Runner:
    """Units of one folder, as ``rolling.Units`` wants them.

    Args:
        units: The folder of rendered units.
        scratch: Where logs, credentials and sockets for readiness lie.
        more: Variables for every service, over the units' own.
    """

    def __init__(self, units: Path, scratch: Path, more: dict[str, str] | None = None) -> None:
        self._units, self._scratch, self._more = units, scratch, more or {}
        self._sockets: dict[str, socket.socket] = {}
        self._running: dict[str, Process] = {}
        self._cpu_s: dict[str, float] = {}
        scratch.mkdir(parents=True, exist_ok=True)

    def start(self, unit: str) -> bool:
        """Start a unit and report whether it is ready."""
        if self.is_active(unit):
            return True
        credentials = self._scratch / "credentials" / unit
        read = read_unit(self._units, unit, credentials)
        if unit.endswith(".socket"):
            self._sockets[unit] = _listening(read.one("Socket", "ListenStream"))
            return True
        self._end(unit, signal.SIGTERM, 0.0)  # what is left of one that died by itself
        _give_credentials(read, credentials)
        handed = [self._socket(name) for name in read.all("Service", "Sockets")]
        command = shlex.split(read.one("Service", "ExecStart"))
        self._running[unit] = self._started(unit, command, variables(read), handed, read)
        return self._is_ready(unit)

    def command(self, unit: str, command: list[str]) -> None:
        """Start what is no unit of ours: the distribution's nginx, a stand-in."""
        self._running[unit] = self._started(unit, command, {}, [], Unit())

    def stop(self, unit: str, patience_s: float = PATIENCE_S) -> None:
        """Stop a unit as systemd does, and return when it has ended."""
        if unit in self._sockets:
            self._sockets.pop(unit).close()
        self._end(unit, signal.SIGTERM, patience_s)

    def kill(self, unit: str) -> None:
        """Have it die as a process dies that is killed."""
        self._end(unit, signal.SIGKILL, PATIENCE_S)

    def is_active(self, unit: str) -> bool:
        """Report whether a unit runs."""
        if unit.endswith(".socket"):
            return unit in self._sockets
        found = self._running.get(unit)
        return found is not None and found.process.poll() is None

    def last_line(self, unit: str) -> str:
        """Return the last line of a unit's log."""
        found = self._running.get(unit)
        lines = found.log.read_text("utf-8").strip().splitlines() if found else []
        return lines[-1] if lines else ""

    def pid(self, unit: str) -> int:
        """Return a unit's process id."""
        return self._running[unit].pid

    def cpu_s(self, prefix: str) -> float:
        """Return the processor time of units whose names begin so, ended ones too."""
        running = [
            _cpu_s(one.pid) for name, one in self._running.items() if name.startswith(prefix)
        ]
        ended = [spent for name, spent in self._cpu_s.items() if name.startswith(prefix)]
        return sum(running) + sum(ended)

    def resident_mb(self, prefix: str) -> int:
        """Return the memory that units whose names begin so occupy now."""
        named = [one.pid for name, one in self._running.items() if name.startswith(prefix)]
        return sum(_resident_mb(pid) for pid in named)

    def close(self) -> None:
        """End everything that was started here."""
        for unit in reversed(list(self._running)):
            self._end(unit, signal.SIGTERM, 10.0)
        for each in self._sockets.values():
            each.close()

    def _socket(self, name: str) -> socket.socket:
        if name not in self._sockets:
            self.start(name)
        return self._sockets[name]

    def _started(
        self,
        unit: str,
        command: list[str],
        told: dict[str, str],
        handed: list[socket.socket],
        read: Unit,
    ) -> Process:
        log = self._scratch / f"{unit}.log"
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}  # noqa: TID251
        environment |= told | self._more
        notify = None
        if read.one("Service", "Type") == "notify":
            notify = _notified(self._scratch / f"{unit}.notify")
            environment["NOTIFY_SOCKET"] = notify.getsockname()
        descriptors = [each.fileno() for each in handed]
        if descriptors:
            environment["LISTEN_FDS"] = str(len(descriptors))
            command = ["sh", "-c", _HAND_OVER, "sh", *command]
        with log.open("ab") as out:
            process = _STARTER.submit(
                subprocess.Popen,
                command,
                cwd=read.one("Service", "WorkingDirectory") or None,
                env=environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                preexec_fn=lambda: _before(descriptors),
                close_fds=False,
            ).result()
        return Process(process, log, notify)

    def _is_ready(self, unit: str) -> bool:
        found = self._running[unit]
        if found.notify is None:
            return found.process.poll() is None
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and found.process.poll() is None:
            with suppress(TimeoutError):
                if b"READY=1" in found.notify.recv(256):
                    return True
        return False

    def _end(self, unit: str, how: signal.Signals, patience_s: float) -> None:
        found = self._running.pop(unit, None)
        if found is None:
            return
        if found.process.poll() is None:
            self._cpu_s[unit] = self._cpu_s.get(unit, 0.0) + _cpu_s(found.pid)
            found.process.send_signal(how)
            try:
                found.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                found.process.kill()
                found.process.wait()
        if found.notify is not None:
            found.notify.close()


def _listening(place: str) -> socket.socket:
    if place.startswith("/"):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(place)
    else:
        address, _, port = place.rpartition(":")
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, int(port)))
    listening.listen(1024)
    return listening


def _give_credentials(unit: Unit, folder: Path) -> None:
    for line in unit.all("Service", "LoadCredential"):
        name, _, source = line.partition(":")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, folder / name)
        (folder / name).chmod(0o400)


def _notified(place: Path) -> socket.socket:
    place.unlink(missing_ok=True)
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(place))
    told.settimeout(0.2)
    return told


def _before(descriptors: list[int]) -> None:
    """Put sockets where the protocol wants them; end with whoever started this."""
    held = [os.dup(each) for each in descriptors]
    for number, each in enumerate(held):
        os.dup2(each, _FIRST_DESCRIPTOR + number, inheritable=True)
    first_free = _FIRST_DESCRIPTOR + len(held)
    os.closerange(first_free, 4096)
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def _cpu_s(pid: int) -> float:
    """Return user and system time, also of children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
