"""The process in which one operator's model runs.

Run as ``python -m careflow.ai.own_models.worker``: first a line with the order, then a line for
each row of numbers; a line comes back for each. Memory is limited from within; whatever goes wrong
ends the process, and whoever started it goes on without.
"""

from __future__ import annotations

import hashlib
import resource
import sys
from pathlib import Path

import msgspec


class Order(msgspec.Struct, frozen=True):
    """Which file, what it takes, which output counts, and how much memory there is."""

    path: str
    sha256: str
    width: int
    output: str
    memory_bytes: int


class Row(msgspec.Struct, frozen=True):
    """Numbers by their place; all others are zero."""

    at: tuple[int, ...]
    values: tuple[float, ...]


class Said(msgspec.Struct, frozen=True):
    """What the model said, its first numbers."""

    values: tuple[float, ...] = ()


_VALUES_MAX = 64


def main() -> None:
    """Load the model, say so by an empty line of answer, and answer row after row."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    model = Path(order.path).read_bytes()
    if hashlib.sha256(model).hexdigest() != order.sha256:
        sys.exit(1)  # it was exchanged since it was looked through
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    [taken] = session.get_inputs()
    _say(Said())
    for line in sys.stdin.buffer:
        row = msgspec.json.decode(line, type=Row)
        numbers = np.zeros((1, order.width), np.float32)
        numbers[0, list(row.at)] = row.values
        [said] = session.run([order.output], {taken.name: numbers})
        _say(Said(tuple(float(one) for one in np.asarray(said).ravel()[:_VALUES_MAX])))


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
