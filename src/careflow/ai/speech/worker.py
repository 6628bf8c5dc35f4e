"""The process that decodes recordings from outside and listens to them.

Run as ``python -m careflow.ai.speech.worker``: one line of JSON and the recording on standard
input, one line of JSON on standard output. Memory and processor time are limited from within.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import msgspec


class Order(msgspec.Struct, frozen=True):
    """What to do with the recording that follows."""

    model: str
    seconds_max: float
    memory_bytes: int
    processor_s: int


class Words(msgspec.Struct, frozen=True):
    """Words between two instants, in seconds."""

    start_s: float
    end_s: float
    text: str


class Answer(msgspec.Struct, frozen=True):
    """What was heard, or why nothing was."""

    words: tuple[Words, ...] = ()
    refusal: str = ""


def main() -> None:
    """Read one order and its recording, and answer."""
    line = sys.stdin.buffer.readline()
    order = msgspec.json.decode(line, type=Order)
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (order.processor_s, order.processor_s + 1))
    sys.stdout.buffer.write(msgspec.json.encode(_answer(order, content)))


def _answer(order: Order, content: bytes) -> Answer:
    from careflow.ai.speech.sound import NoSoundError, samples_of
    from careflow.ai.speech.whisper import heard_in

    try:
        samples = samples_of(content, seconds_max=order.seconds_max)
        heard = heard_in(samples, Path(order.model))
        return Answer(tuple(Words(one.start_s, one.end_s, one.text) for one in heard))
    except NoSoundError as error:
        return Answer(refusal=str(error))
    except MemoryError:
        return Answer(refusal="the recording needs more memory than it may have")


if __name__ == "__main__":
    main()
