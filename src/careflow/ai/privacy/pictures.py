"""Files without what identifies: what may go to an engine elsewhere in place of what was given.

``scrubbed_file(content, media_type, recogniser=…)`` returns a :class:`CleanFile`, or raises
``PrivacyRefusedError`` with the reason; it blocks (call it in a thread). Pictures, DICOM and PDF
leave as bare pixels with every word covered that can be found; sound and film do not leave, unless
nobody is in them. ``leaving(file, data, recogniser=…)`` is the same for the file of a task, with
the class of its data. Text is no matter of this module.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from careflow.ai.apart import DiedError, Limits, TookTooLongError, said_by
from careflow.ai.call import DataClass
from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.picture_worker import Answer, Order
from careflow.ai.privacy.pixels import PICTURES
from careflow.ai.reading.recogniser import Recogniser
from careflow.ai.task import GivenFile

_WORKER = "careflow.ai.privacy.picture_worker"
LIMITS = Limits(timeout_s=240.0)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that holds pixels alone.

    Attributes:
        media_type: ``image/jpeg`` where a JPEG was given, ``application/pdf`` for a PDF, else
            ``image/png``.
        words: How many words were covered.
    """

    content: bytes
    media_type: str
    words: int


def leaving(
    file: GivenFile, data: DataClass, *, recogniser: Recogniser | None
) -> tuple[GivenFile, int]:
    """Return the file that may leave in place of a task's, and how many words are covered on it.

    Raises:
        PrivacyRefusedError: As `scrubbed_file`.
    """
    if data in {"none", "synthetic"} and file.media_type.startswith(("audio/", "video/")):
        return file, 0
    clean = scrubbed_file(file.content, file.media_type, recogniser=recogniser)
    return GivenFile(clean.content, clean.media_type, file.key), clean.words


def scrubbed_file(
    content: bytes,
    media_type: str,
    *,
    recogniser: Recogniser | None,
    limits: Limits = LIMITS,
) -> CleanFile:
    """Return what may leave of a file; blocks until done.

    Args:
        content: The whole file; it is opened in a process of its own.
        media_type: As found by content.
        recogniser: Without one nothing leaves, since nobody knows what is written on a picture.
        limits: For the process.

    Raises:
        PrivacyRefusedError: What identifies cannot be taken out with certainty.
    """
    _require_shown(media_type)
    if recogniser is None:
        raise PrivacyRefusedError(
            "the program that finds writing on pictures (tesseract) is not installed"
        )
    order = Order(media_type, recogniser, limits.memory_bytes, limits.processor_s)
    try:
        said = said_by(_WORKER, msgspec.json.encode(order), content, timeout_s=limits.timeout_s)
    except TookTooLongError as error:
        raise PrivacyRefusedError("looking for writing on the picture took too long") from error
    except DiedError as error:
        raise PrivacyRefusedError("the file is damaged") from error
    answer = msgspec.json.decode(said, type=Answer)
    if answer.refusal:
        raise PrivacyRefusedError(answer.refusal)
    return CleanFile(answer.content, answer.media_type, answer.words)


def _require_shown(media_type: str) -> None:
    if media_type.startswith("audio/"):
        raise PrivacyRefusedError(
            "a voice tells who speaks, so recordings are written down on this machine alone"
        )
    if media_type.startswith("video/"):
        raise PrivacyRefusedError("a film shows who is in it")
    if media_type not in {*PICTURES, "application/dicom", "application/pdf"}:
        raise PrivacyRefusedError("files of this kind stay on this machine")
