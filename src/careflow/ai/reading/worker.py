"""The process that opens documents from outside, so that a hostile one harms nothing else.

Run as ``python -m careflow.ai.reading.worker``: one line of JSON and the document on standard
input, one line of JSON on standard output. Memory and processor time are limited from within
before the document is touched; the caller limits the wall time.
"""

from __future__ import annotations

import base64
import resource
import sys
from typing import Any

import msgspec

from careflow.ai.reading.errors import OUT_OF_MEMORY
from careflow.ai.reading.page import PageText
from careflow.ai.reading.recogniser import Recogniser
from careflow.errors import CareFlowError


class Order(msgspec.Struct, frozen=True):
    """What to do with the document that follows."""

    verb: str
    media_type: str
    memory_bytes: int
    processor_s: int
    recogniser: Recogniser | None = None
    number: int = 1
    max_width: int = 0
    rotation: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """What came of it: pages, a picture, or the code and sentence of an error."""

    pages: tuple[PageText, ...] = ()
    picture: str = ""
    code: str = ""
    message: str = ""


def main() -> None:
    """Read one order and its document, and answer."""
    line = sys.stdin.buffer.readline()
    order = msgspec.json.decode(line, type=Order)
    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (order.memory_bytes, order.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (order.processor_s, order.processor_s + 1))
    sys.stdout.buffer.write(msgspec.json.encode(_answer(order, content)))


def _answer(order: Order, content: bytes) -> Answer:
    try:
        return _done(order, content)
    except CareFlowError as error:
        return Answer(code=error.code, message=error.message)
    except MemoryError:
        return Answer(code="reading-too-large", message=OUT_OF_MEMORY)


def _done(order: Order, content: bytes) -> Answer:
    from careflow.ai.reading.pages import read_pages, render_page

    settings: dict[str, Any] = {"recogniser": order.recogniser}
    if order.verb == "render":
        picture = render_page(
            content,
            order.media_type,
            order.number,
            order.max_width,
            rotation=order.rotation,
            **settings,
        )
        return Answer(picture=base64.b64encode(picture).decode())
    return Answer(pages=tuple(read_pages(content, order.media_type, **settings)))


if __name__ == "__main__":
    main()
