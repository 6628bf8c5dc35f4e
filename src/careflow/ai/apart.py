"""Runs a module of ours in a process of its own, with limits, over content that is not trusted.

What opens files from outside is native code, and a file may be made to hang it or to unfold
without end; a process that can be stopped is the one sure guard.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass

_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "PYTHONPATH": "",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    Attributes:
        memory_bytes: Address space of the process.
        timeout_s: Wall time for the whole document, recognition included.
    """

    memory_bytes: int = 2_000_000_000
    timeout_s: float = 120.0

    @property
    def processor_s(self) -> int:
        """Return the same in whole seconds, for the processor time."""
        return max(int(self.timeout_s), 1)


class TookTooLongError(Exception):
    """The process used up its time and was stopped."""


class DiedError(Exception):
    """The process ended without an answer."""


def said_by(module: str, order: bytes, content: bytes, *, timeout_s: float) -> bytes:
    """Return what the module answers to one line of order and the content; blocks until done.

    Raises:
        TookTooLongError: It took longer than it may.
        DiedError: It ended in another way than by an answer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module.
            [sys.executable, "-I", "-m", module],
            input=order + b"\n" + content,
            capture_output=True,
            timeout=timeout_s,
            env=_ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLongError from error
    if done.returncode == -signal.SIGXCPU:
        raise TookTooLongError
    if done.returncode != 0:
        raise DiedError
    return done.stdout
