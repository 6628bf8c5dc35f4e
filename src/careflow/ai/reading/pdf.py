"""Opens a PDF within limits, and renders its pages; only ``pdf`` files here know pypdfium2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from careflow.ai.reading.errors import (
    DAMAGED,
    ENCRYPTED,
    NO_SUCH_PAGE,
    TOO_LARGE,
    DamagedError,
    DocumentTooLargeError,
    EmptyError,
    EncryptedError,
    NoSuchPageError,
)

PAGES_MAX = 50
SIDE_MAX_POINTS = 14_400.0
"""PDF 1.7 gives 14,400 units as the largest side that readers must support (Annex C)."""
PIXELS_MAX = 12_000_000
OCR_DOTS_PER_INCH = 300


@contextmanager
def open_pdf(content: bytes) -> Iterator[Any]:
    """Yield the opened document, or raise the `ReadingError` that says why not."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error) from error
    try:
        _check_size(document)
        yield document
    finally:
        document.close()


def _refusal(error: Exception) -> EncryptedError | DamagedError:
    if getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
        return EncryptedError(ENCRYPTED)
    return DamagedError(DAMAGED)


def _check_size(document: Any) -> None:  # noqa: ANN401 - pypdfium2 ships no types.
    if len(document) == 0:
        raise EmptyError("The PDF has no page.")
    if len(document) > PAGES_MAX:
        raise DocumentTooLargeError(
            f"The PDF has more than {PAGES_MAX} pages; send the report alone."
        )


@contextmanager
def page_of(document: Any, index: int) -> Iterator[Any]:  # noqa: ANN401
    """Yield one page; closes it afterwards."""
    if not 0 <= index < len(document):
        raise NoSuchPageError(NO_SUCH_PAGE)
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedError(DAMAGED) from error
    try:
        width, height = page.get_size()
        if not (0 < width <= SIDE_MAX_POINTS and 0 < height <= SIDE_MAX_POINTS):
            raise DocumentTooLargeError(TOO_LARGE)
        yield page
    finally:
        page.close()


def render(page: Any, *, scale: float, rotation: int = 0, grey: bool = False) -> Image.Image:  # noqa: ANN401
    """Return the page as a picture, turned clockwise by ``rotation`` beyond the file's own turn."""
    width, height = page.get_size()
    most = math.sqrt(PIXELS_MAX / (width * height))
    picture = page.render(
        scale=min(scale, most), rotation=rotation, grayscale=grey, may_draw_forms=False
    )
    image: Image.Image = picture.to_pil()
    return image


def has_picture(page: Any) -> bool:  # noqa: ANN401
    """Report whether a picture covers most of the page, as on a scan."""
    width, height = page.get_size()
    for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = found.get_bounds()
        if (right - left) * (top - bottom) > 0.5 * width * height:
            return True
    return False
