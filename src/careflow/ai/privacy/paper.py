"""A PDF as pictures of its pages, without any word: not of its text, not of its pictures."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from careflow.ai.privacy.burnt_in import Covered, without_writing
from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.pixels import fitting
from careflow.ai.reading.errors import DocumentTooLargeError, ReadingError
from careflow.ai.reading.page import Box
from careflow.ai.reading.pdf import open_pdf, page_of, render
from careflow.ai.reading.pdf_text import read_layer
from careflow.ai.reading.recogniser import Recogniser
from careflow.errors import CareFlowError

PDF = "application/pdf"
_DOTS_PER_INCH = 110
_PAGES_MAX = 5
"""Each page takes as long as a picture."""
_MARGIN = 3


def without_words(content: bytes, recogniser: Recogniser) -> tuple[bytes, int]:
    """Return a PDF of pictures, and how many words were covered on them.

    Raises:
        CannotCleanError: It cannot be opened, has too many pages, or is mostly writing.
    """
    try:
        pages = _pages(content)
    except DocumentTooLargeError as error:
        raise CannotCleanError("the PDF has too many or too large pages") from error
    except (ReadingError, CareFlowError) as error:
        raise CannotCleanError("the PDF cannot be opened") from error
    covered = [(words, without_writing(picture, recogniser)) for picture, words in pages]
    return (
        _stored([one for _, one in covered]),
        sum(words + one.words for words, one in covered),
    )


def _pages(content: bytes) -> list[tuple[Image.Image, int]]:
    """Return the pages as pictures with the words of their text layer covered, and their number."""
    with open_pdf(content) as document:
        if len(document) > _PAGES_MAX:
            raise CannotCleanError(f"the PDF has more than {_PAGES_MAX} pages; send those alone")
        pages = []
        for index in range(len(document)):
            with page_of(document, index) as page:
                layer = read_layer(page)
                shown = render(page, scale=_DOTS_PER_INCH / 72, rotation=layer.rotation)
            picture = fitting(shown.convert("RGB"))
            for word in layer.words:
                _cover(picture, word.box)
            pages.append((picture, len(layer.words)))
        return pages


def _cover(picture: Image.Image, box: Box) -> None:
    width, height = picture.size
    place = (
        round(box[0] * width) - _MARGIN,
        round(box[1] * height) - _MARGIN,
        round(box[2] * width) + _MARGIN,
        round(box[3] * height) + _MARGIN,
    )
    ImageDraw.Draw(picture).rectangle(place, fill=0)


def _stored(pages: list[Covered]) -> bytes:
    out = io.BytesIO()
    first, *others = (page.picture for page in pages)
    # Without a date the same pages are the same bytes.
    first.save(out, "PDF", save_all=True, append_images=others, creationDate=None, modDate=None)
    return out.getvalue()
