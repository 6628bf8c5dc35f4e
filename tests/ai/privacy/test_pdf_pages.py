"""A PDF leaves as pictures of its pages, without a word of them."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.pictures import CleanFile, scrubbed_file
from careflow.ai.reading.recogniser import Recogniser, find_recogniser, pieces, run
from tests.ai.reading import hostile

PDF = "application/pdf"
SIZE = (300, 220)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    found = find_recogniser()
    if found is None:
        pytest.skip("tesseract is not installed")
    return found


def a_page(pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=SIZE)
    canvas.setTitle("Zebrowska")
    canvas.setAuthor("Zebrowska")
    for _ in range(pages):
        canvas.drawString(20, 190, "Zebrowska 04/11/1958")
        canvas.setFillGray(0.5)
        canvas.circle(150, 80, 50, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(20, 20, "Zebrowska in white on white")
        canvas.setFillGray(0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def clean(recogniser: Recogniser) -> CleanFile:
    return scrubbed_file(a_page(), PDF, recogniser=recogniser)


def test_no_text_and_no_title_of_a_pdf_leaves(clean: CleanFile) -> None:
    document = pypdfium2.PdfDocument(clean.content)

    assert clean.media_type == PDF
    assert document[0].get_textpage().get_text_range().strip() == ""
    assert not any(document.get_metadata_dict(skip_empty=True))
    assert b"Zebrowska" not in clean.content
    document.close()


def test_words_of_a_pdf_are_covered_and_its_drawing_stays(
    clean: CleanFile, recogniser: Recogniser
) -> None:
    document = pypdfium2.PdfDocument(clean.content)
    shown: Image.Image = document[0].render(scale=4).to_pil().convert("L")
    document.close()

    assert not pieces(run([shown], recogniser, "--psm", "11", "tsv"))
    middle = shown.getpixel((shown.width // 2, round(shown.height * 140 / 220)))
    assert middle == pytest.approx(128, abs=6)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (a_page(6), "more than 5 pages"),
        (b"%PDF-1.7 nothing", "cannot be opened"),
        (hostile.encrypted(), "cannot be opened"),
    ],
)
def test_a_pdf_that_cannot_be_looked_through_is_refused(
    content: bytes, reason: str, recogniser: Recogniser
) -> None:
    with pytest.raises(PrivacyRefusedError, match=reason):
        scrubbed_file(content, PDF, recogniser=recogniser)
