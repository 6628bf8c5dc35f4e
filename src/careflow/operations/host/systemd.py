"""systemd, as what starts and stops units on a host."""

from __future__ import annotations

import subprocess

_SYSTEMCTL = "/usr/bin/systemctl"
_JOURNALCTL = "/usr/bin/journalctl"


class Systemd:
    """Asks the host's own systemd. What starts is enabled too, so that it outlives a restart."""

    def start(self, unit: str) -> bool:
        """Start a unit; systemd waits until it says that it is ready."""
        return _asked(_SYSTEMCTL, "enable", "--quiet", "--now", unit) == 0

    def stop(self, unit: str) -> None:
        """Stop a unit, and have it stay so after a restart."""
        _asked(_SYSTEMCTL, "disable", "--quiet", "--now", unit)

    def is_active(self, unit: str) -> bool:
        """Report whether a unit runs."""
        return _asked(_SYSTEMCTL, "is-active", "--quiet", unit) == 0

    def last_line(self, unit: str) -> str:
        """Return the last line of a unit's log; our lines hold events and identifiers alone."""
        command = [_JOURNALCTL, "--unit", unit, "--lines", "1", "--output", "cat", "--no-pager"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return done.stdout.strip()


def _asked(*command: str) -> int:
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own words
