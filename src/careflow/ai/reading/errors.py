"""Why a document could not be read; every one a sentence for the person who sent it."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import (
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnprocessableError,
    UnsupportedMediaError,
)


class ReadingError(UnprocessableError):
    """The document cannot be read; the more telling classes say why."""

    code: ClassVar[str] = "reading-failed"


class EncryptedError(ReadingError):
    """The document asks for a password."""

    code: ClassVar[str] = "reading-encrypted"


class DamagedError(ReadingError):
    """The document is cut off or not what it says it is."""

    code: ClassVar[str] = "reading-damaged"


class EmptyError(ReadingError):
    """The document has no page."""

    code: ClassVar[str] = "reading-empty"


class TimedOutError(ReadingError):
    """Reading took longer than it may."""

    code: ClassVar[str] = "reading-timeout"


class DocumentTooLargeError(TooLargeError):
    """The document has too many pages, or would unfold to more than it may."""

    code: ClassVar[str] = "reading-too-large"


class NoSuchPageError(NotFoundError):
    """The document has no page of that number."""

    code: ClassVar[str] = "reading-no-such-page"


class UnsupportedDocumentError(UnsupportedMediaError):
    """The content is neither a PDF nor one of the image types that are read."""

    code: ClassVar[str] = "reading-unsupported"


class OcrNotAvailableError(UnavailableError):
    """The page is a picture and the program that reads pictures is not installed."""

    code: ClassVar[str] = "reading-ocr-not-available"


ENCRYPTED = "The PDF is protected by a password; send it without one."
DAMAGED = "The file is damaged or incomplete; send it again."
NO_SUCH_PAGE = "The document has no page of that number."
TOO_LARGE = "The document has too many or too large pages to be read here."
TIMED_OUT = "Reading the document took too long; it was stopped."
OUT_OF_MEMORY = "The document needs more memory than it may have; it was stopped."
"""The sentences, kept here because the worker process and its caller both say them."""
