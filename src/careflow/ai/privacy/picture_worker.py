"""The process that opens pictures from outside and covers what is written on them.

Run as ``python -m careflow.ai.privacy.picture_worker``: one line of JSON and the file on standard
input, one line of JSON on standard output. Memory and processor time are limited from within
before the file is touched; the caller limits the wall time.
"""

from __future__ import annotations

import resource
import sys

import msgspec

from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.reading.recogniser import Recogniser


class Order(msgspec.Struct, frozen=True):
    """What to do with the file that follows."""

    media_type: str
    recogniser: Recogniser
    memory_bytes: int
    processor_s: int


class Answer(msgspec.Struct, frozen=True):
    """What came of it: a file and the words covered on it, or why there is none."""

    content: bytes = b""
    media_type: str = ""
    words: int = 0
    refusal: str = ""


def main() -> None:
    """Read one order and its file, and answer."""
    line = sys.stdin.buffer.readline()
    order = msgspec.json.decode(line, type=Order)
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (order.processor_s, order.processor_s + 1))
    sys.stdout.buffer.write(msgspec.json.encode(_answer(order, content)))


def _answer(order: Order, content: bytes) -> Answer:
    try:
        return _cleaned(order, content)
    except CannotCleanError as error:
        return Answer(refusal=error.reason)
    except MemoryError:
        return Answer(refusal="the file needs more memory than it may have")


def _cleaned(order: Order, content: bytes) -> Answer:
    from careflow.ai.privacy.burnt_in import without_writing
    from careflow.ai.privacy.dicom import DICOM, dicom_picture
    from careflow.ai.privacy.paper import PDF, without_words
    from careflow.ai.privacy.pixels import plain_picture, stored

    if order.media_type == PDF:
        left, words = without_words(content, order.recogniser)
        return Answer(left, PDF, words)
    is_dicom = order.media_type == DICOM
    picture = dicom_picture(content) if is_dicom else plain_picture(content)
    covered = without_writing(picture, order.recogniser)
    as_jpeg = order.media_type == "image/jpeg"
    left = stored(covered.picture, as_jpeg=as_jpeg)
    return Answer(left, "image/jpeg" if as_jpeg else "image/png", covered.words)


if __name__ == "__main__":
    main()
