"""Documents that are broken or hostile end in a clear error with a stable code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from careflow.ai.apart import Limits
from careflow.ai.reading.isolated import (
    read_document_isolated,
    read_pages_isolated,
    render_page_isolated,
)
from careflow.errors import CareFlowError
from tests.ai.reading import hostile

PDF = "application/pdf"
TIGHT = Limits(memory_bytes=600_000_000, timeout_s=30)


@pytest.mark.parametrize(
    ("make", "media_type", "code"),
    [
        (hostile.encrypted, PDF, "reading-encrypted"),
        (lambda: hostile.small()[:700], PDF, "reading-damaged"),
        (lambda: b"", PDF, "reading-damaged"),
        (lambda: b"MZ" + bytes(2000), PDF, "reading-damaged"),
        (lambda: b"PK\x03\x04" + bytes(2000), PDF, "reading-damaged"),
        (hostile.no_pages, PDF, "reading-damaged"),
        (hostile.endless_pages, PDF, "reading-damaged"),
        (hostile.vast_page, PDF, "reading-too-large"),
        (lambda: hostile.small(60), PDF, "reading-too-large"),
        (hostile.unfolding, PDF, "reading-damaged"),
        (hostile.picture_bomb, "image/png", "reading-too-large"),
        (lambda: b"GIF89a" + bytes(50), "image/png", "reading-damaged"),
        (lambda: b"hello", "text/html", "reading-unsupported"),
    ],
    ids=[
        "encrypted",
        "truncated",
        "empty",
        "executable",
        "zip",
        "no pages",
        "endless pages",
        "vast page",
        "many pages",
        "unfolding",
        "picture bomb",
        "not a png",
        "a page of the web",
    ],
)
def test_a_bad_document_is_refused_with_its_code(
    make: Callable[[], bytes], media_type: str, code: str
) -> None:
    with pytest.raises(CareFlowError) as refused:
        read_pages_isolated(make(), media_type, limits=TIGHT)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")


def test_a_document_that_takes_for_ever_is_stopped() -> None:
    with pytest.raises(CareFlowError) as refused:
        render_page_isolated(hostile.slow(), PDF, 1, 800, limits=Limits(timeout_s=2))

    assert refused.value.code == "reading-timeout"


def test_a_good_document_is_read_in_the_other_process_as_in_this_one() -> None:
    read = read_document_isolated(hostile.small(), PDF, limits=TIGHT)

    assert [word.text for word in read.pages[0].words] == ["Hemoglobin", "11.2", "g/dL", "13-17"]
    assert [row.value for row in read.report.rows] == ["11.2"]


def test_a_page_that_is_not_there_cannot_be_shown() -> None:
    with pytest.raises(CareFlowError) as refused:
        render_page_isolated(hostile.small(), PDF, 7, 800, limits=TIGHT)

    assert refused.value.code == "reading-no-such-page"
