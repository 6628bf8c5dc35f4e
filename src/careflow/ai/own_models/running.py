"""A model in a process of its own, started again where it ended."""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Timer

import msgspec

from careflow.ai.apart import DiedError
from careflow.ai.own_models.worker import Order, Row, Said

MEMORY_BYTES = 1_200_000_000
"""Address space of one model's process; ONNX Runtime itself takes a third of it."""
_START_S = 30.0
_ANSWER_S = 5.0
_MODULE = "careflow.ai.own_models.worker"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class RunningModel:
    """Asks one model, one row at a time."""

    def __init__(
        self,
        path: Path,
        *,
        sha256: str,
        width: int,
        output: str,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._order = Order(str(path.absolute()), sha256, width, output, memory_bytes)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_by = 0

    def answer(self, row: Mapping[int, float]) -> tuple[float, ...]:
        """Return the numbers that the model says of a row; blocks until it has.

        Raises:
            DiedError: It ended or took too long, and is started anew for the next row.
        """
        line = msgspec.json.encode(Row(tuple(row), tuple(row.values())))
        with self._lock:
            # A process that was forked off must not talk through its parent's pipes.
            if self._process is None or self._started_by != os.getpid():
                self._process, self._started_by = self._started(), os.getpid()
            return self._said(self._process, line, _ANSWER_S)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._process is not None:
                _end(self._process)
                self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module.
            [sys.executable, "-I", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
        )
        weakref.finalize(self, _end, process)
        self._said(process, msgspec.json.encode(self._order), _START_S)
        return process

    def _said(
        self, process: subprocess.Popen[bytes], line: bytes, seconds: float
    ) -> tuple[float, ...]:
        timer = Timer(seconds, process.kill)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise DiedError
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            said = process.stdout.readline()
        except BrokenPipeError:
            said = b""
        finally:
            timer.cancel()
        if not said.endswith(b"\n"):
            _end(process)
            self._process = None
            raise DiedError
        return msgspec.json.decode(said, type=Said).values


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
