"""Runs the tesseract program over pictures."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from careflow.ai.reading.errors import TIMED_OUT, ReadingError, TimedOutError

_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Where tesseract is and how long it may take.

    Attributes:
        program: Path of the tesseract program.
        timeout_s: For one page.
        language: Name of the trained data ("eng").
    """

    program: str
    timeout_s: float = 60.0
    language: str = "eng"


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as tesseract tells it: which picture, which line of it, and pixels of its box."""

    picture: int
    line: tuple[int, int, int]
    box: tuple[int, int, int, int]
    text: str
    confidence: float


def find_recogniser(program: str = "tesseract", *, timeout_s: float = 60.0) -> Recogniser | None:
    """Return the recogniser of that name or path, or None when it is not installed."""
    found = shutil.which(program)
    return Recogniser(found, timeout_s) if found and Path(found).exists() else None


def run(
    pictures: list[Image.Image],
    recogniser: Recogniser,
    *options: str,
    language: str | None = None,
) -> str:
    """Return what tesseract prints about the pictures; several go in as pages of one file.

    Raises:
        ReadingError: It failed; `TimedOutError` when it took too long.
    """
    command = [recogniser.program, "stdin", "stdout", "--dpi", "300"]
    try:
        done = subprocess.run(  # noqa: S603 - the program is the operator's, the options are ours.
            [*command, "-l", language or recogniser.language, *options],
            input=_stored(pictures),
            capture_output=True,
            timeout=recogniser.timeout_s,
            env=_ONE_THREAD,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOutError(TIMED_OUT) from error
    if done.returncode != 0:
        raise ReadingError("The page could not be read from its picture.")
    return done.stdout.decode("utf-8", "replace")


def pieces(table: str) -> list[Piece]:
    """Return the words of what tesseract prints as tsv."""
    found = []
    for line in table.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        block, paragraph, number = (int(cell) for cell in cells[2:5])
        left, top, width, height = (int(cell) for cell in cells[6:10])
        sure = max(float(cells[10]), 0.0) / 100
        box = (left, top, left + width, top + height)
        where = (block, paragraph, number)
        found.append(Piece(int(cells[1]) - 1, where, box, cells[11].strip(), sure))
    return found


def _stored(pictures: list[Image.Image]) -> bytes:
    stored = io.BytesIO()
    if len(pictures) == 1:
        pictures[0].save(stored, "PNG", compress_level=1)
    else:
        pictures[0].save(stored, "TIFF", save_all=True, append_images=pictures[1:])
    return stored.getvalue()
