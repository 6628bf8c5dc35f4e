from __future__ import annotations

import pytest

from careflow.ai.context import Reader
from careflow.ai.reader import IsolatedReader
from careflow.ai.reading.errors import ReadingError
from careflow.ai.reading.plain_text import line_at, page_of_text
from tests.harbour import a_report


async def test_a_process_of_its_own_reads_and_draws_a_page() -> None:
    reader: Reader = IsolatedReader()

    (page,) = await reader.pages(a_report(), "application/pdf")
    image = await reader.page_image(a_report(), "application/pdf", 1, page.rotation)

    assert "Potassium" in {word.text for word in page.words}
    assert image.startswith(b"\x89PNG")


async def test_a_page_is_drawn_once_and_few_are_kept() -> None:
    reader = IsolatedReader()
    first = await reader.page_image(a_report(), "application/pdf", 1, 0)

    again = await reader.page_image(a_report(), "application/pdf", 1, 0)
    for turn in range(1, 30):
        reader.drawn[b"%d" % turn, 1, 0] = b""
    await reader.page_image(a_report(), "application/pdf", 1, 0)

    assert again is first
    assert len(reader.drawn) == 24


async def test_what_breaks_there_is_said_here() -> None:
    with pytest.raises(ReadingError):
        await IsolatedReader().pages(a_report()[:900], "application/pdf")


def test_words_of_a_text_lie_where_they_stand() -> None:
    text = "Test   Result\r\nSodium    139\n"

    page = page_of_text(text)

    sodium = next(word for word in page.words if word.text == "Sodium")
    start, end = line_at(text, sodium.middle)
    assert text[start:end] == "Sodium    139"
    assert sodium.box[0] == 0.0


@pytest.mark.parametrize("text", ["", "\n", "   \n\t", "a" * 300])
def test_any_text_is_a_page(text: str) -> None:
    page = page_of_text(text)

    assert all(0 <= edge <= 1 for word in page.words for edge in word.box)
