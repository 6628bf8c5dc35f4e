"""A text laid out as a page with one column a character, so that it is read like any other."""

from __future__ import annotations

from xml.sax.saxutils import escape

from careflow.ai.reading.errors import DAMAGED, TOO_LARGE, DamagedError, DocumentTooLargeError
from careflow.ai.reading.page import PageText, Word

_COLUMN_PT = 6.0
_LINE_PT = 12.0
_SIZE_PT = 9.6
_SCALE = 1.5
_UNDER_PT = 1.4
"""From the lower edge of a word's box to the line that its letters stand on."""
SIGNS_MAX = 200_000
"""As long as a text may be that is sent to a task as words."""


def page_of_file(content: bytes) -> PageText:
    """Return the one page of a text file.

    Raises:
        DamagedError: It is not UTF-8.
        DocumentTooLargeError: It is longer than any report.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedError(DAMAGED) from error
    if len(text) > SIGNS_MAX:
        raise DocumentTooLargeError(TOO_LARGE)
    return page_of_text(text)


def drawn(content: bytes) -> bytes:
    """Return the page of a text file as an SVG picture: every character in its own column.

    Whoever shows it has letters for every script; a picture of ours would not.
    """
    page = page_of_file(content)
    columns, lines = page.width / _COLUMN_PT, page.height / _LINE_PT
    words = "".join(_drawn(word, columns, lines) for word in page.words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page.width * _SCALE:g}"'
        f' height="{page.height * _SCALE:g}" viewBox="0 0 {page.width:g} {page.height:g}">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        f'<g font-family="monospace" font-size="{_SIZE_PT:g}" fill="#14202b">{words}</g></svg>'
    ).encode()


def _drawn(word: Word, columns: float, lines: float) -> str:
    left, right = word.box[0] * columns * _COLUMN_PT, word.box[2] * columns * _COLUMN_PT
    base = word.box[3] * lines * _LINE_PT - _UNDER_PT
    return (
        f'<text x="{left:g}" y="{base:g}" textLength="{right - left:g}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(word.text)}</text>'
    )


def page_of_text(text: str) -> PageText:
    """Lay a text out as a page: its width is the longest line's, tabs are four columns."""
    lines = [line.expandtabs(4) for line in text.splitlines()] or [""]
    columns = max(1, *(len(line) for line in lines))
    words = [
        word
        for number, line in enumerate(lines)
        for word in _words(line, number, columns, len(lines))
    ]
    return PageText(1, columns * _COLUMN_PT, len(lines) * _LINE_PT, words=tuple(words))


def line_at(text: str, height: float) -> tuple[int, int]:
    """Return the offsets of the line of a text that lies at this height of its page."""
    lines = text.splitlines(keepends=True) or [""]
    index = min(int(height * len(lines)), len(lines) - 1)
    start = sum(len(line) for line in lines[:index])
    return start, start + len(lines[index].rstrip("\r\n"))


def _words(line: str, number: int, columns: int, lines: int) -> list[Word]:
    found: list[Word] = []
    at = 0
    for text in line.split():
        at = line.index(text, at)
        box = (
            min(1.0, at / columns),
            (number + 0.1) / lines,
            min(1.0, (at + len(text)) / columns),
            (number + 0.9) / lines,
        )
        found.append(Word(text, box))
        at += len(text)
    return found
