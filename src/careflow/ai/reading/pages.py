"""Turns a document into pages of words, whether it carries text or pictures of text."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from careflow.ai.reading.errors import NO_SUCH_PAGE, NoSuchPageError, UnsupportedDocumentError
from careflow.ai.reading.images import open_pictures
from careflow.ai.reading.ocr import Recogniser, read_picture, upright_turn
from careflow.ai.reading.page import PageText
from careflow.ai.reading.pdf import OCR_DOTS_PER_INCH, has_picture, open_pdf, page_of, render
from careflow.ai.reading.pdf_text import Layer, read_layer
from careflow.ai.reading.plain_text import drawn, page_of_file

PDF = "application/pdf"
TEXT = "text/plain"
PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff"})
_WORDS_MIN = 8
"""A page with fewer words in its text layer is a picture with, at most, a stamp on it."""


def read_pages(
    content: bytes, media_type: str, *, recogniser: Recogniser | None = None
) -> list[PageText]:
    """Return the pages of a document as words with boxes, in the frame of the upright page.

    Args:
        content: The whole file.
        media_type: ``application/pdf``, ``image/png``, ``image/jpeg``, ``image/tiff`` or
            ``text/plain``.
        recogniser: Reads pictures; without one a page that is a picture comes back empty, with
            ``source`` None and the problem said.

    Raises:
        ReadingError: The document as a whole cannot be read; its subclasses say why.
        DocumentTooLargeError: It goes beyond the limits on pages, sides or pixels.
        UnsupportedDocumentError: The media type is none of the five.
    """
    if media_type == PDF:
        with open_pdf(content) as document:
            return [_pdf_page(document, index, recogniser) for index in range(len(document))]
    if media_type in PICTURES:
        pictures = open_pictures(content)
        return [
            read_picture(picture, number, recogniser) for number, picture in enumerate(pictures, 1)
        ]
    if media_type == TEXT:
        return [page_of_file(content)]
    raise UnsupportedDocumentError("Only PDF, PNG, JPEG, TIFF and text documents can be read.")


def _pdf_page(document: Any, index: int, recogniser: Recogniser | None) -> PageText:  # noqa: ANN401
    with page_of(document, index) as page:
        layer = read_layer(page)
        if not _is_picture(page, layer):
            width, height = page.get_size()
            sides = (height, width) if layer.rotation % 180 else (width, height)
            return PageText(
                index + 1, *sides, rotation=layer.rotation, words=layer.words, hidden=layer.hidden
            )
        picture = render(page, scale=OCR_DOTS_PER_INCH / 72, grey=True)
    read = read_picture(picture, index + 1, recogniser)
    return replace(read, hidden=layer.hidden)


def _is_picture(page: Any, layer: Layer) -> bool:  # noqa: ANN401
    """Report whether the page must be read from its picture: a scan, or letters drawn as shapes."""
    if len(layer.words) >= _WORDS_MIN:
        return False
    if layer.words:
        return has_picture(page)
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def render_page(
    content: bytes,
    media_type: str,
    number: int,
    max_width: int,
    *,
    rotation: int | None = None,
    recogniser: Recogniser | None = None,
) -> bytes:
    """Return one page as an upright PNG no wider than ``max_width`` pixels.

    Args:
        content: The whole file.
        media_type: As for `read_pages`; a text is its one page as SVG.
        number: From 1.
        max_width: In pixels; a small page is not blown up beyond twice its size.
        rotation: The page's ``rotation`` as read; found again when None.
        recogniser: Finds the upright side of a picture when ``rotation`` is None.
    """
    if media_type == TEXT:
        if number != 1:
            raise NoSuchPageError(NO_SUCH_PAGE)
        return drawn(content)
    if media_type == PDF:
        picture = _rendered(content, number, max_width, rotation, recogniser)
    elif media_type in PICTURES:
        pictures = open_pictures(content)
        if not 0 < number <= len(pictures):
            raise NoSuchPageError(NO_SUCH_PAGE)
        picture = pictures[number - 1]
        turn = upright_turn(picture, recogniser) if rotation is None else rotation
        picture = picture.rotate(-turn, expand=True)
    else:
        raise UnsupportedDocumentError("Only PDF, PNG, JPEG, TIFF and text documents can be shown.")
    if picture.width > max_width:
        picture = picture.resize((max_width, round(picture.height * max_width / picture.width)))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def _rendered(
    content: bytes, number: int, max_width: int, rotation: int | None, recogniser: Recogniser | None
) -> Any:  # noqa: ANN401
    with open_pdf(content) as document, page_of(document, number - 1) as page:
        turn = rotation if rotation is not None else _pdf_turn(page, recogniser)
        width, height = page.get_size()
        shown = height if turn % 180 else width
        return render(page, scale=min(max_width / shown, 4.0), rotation=turn)


def _pdf_turn(page: Any, recogniser: Recogniser | None) -> int:  # noqa: ANN401
    layer = read_layer(page)
    if recogniser is None or not _is_picture(page, layer):
        return layer.rotation
    return upright_turn(render(page, scale=2.0, grey=True), recogniser)
