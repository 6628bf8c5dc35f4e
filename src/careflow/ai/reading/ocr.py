"""Reads pictures of text with the tesseract program."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from careflow.ai.reading.deskew import Straightened, straightened
from careflow.ai.reading.errors import TIMED_OUT, ReadingError, TimedOutError
from careflow.ai.reading.page import PageText, Word
from careflow.ai.reading.rulings import without_rulings
from careflow.ai.reading.second_reading import agreed

NOT_AVAILABLE = (
    "The page is a picture, and the program that reads pictures (tesseract) is not installed."
)
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
_TURN_SIDE = 2000
_CONFIDENT_TURN = 2.0


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


def find_recogniser(program: str = "tesseract", *, timeout_s: float = 60.0) -> Recogniser | None:
    """Return the recogniser of that name or path, or None when it is not installed."""
    found = shutil.which(program)
    return Recogniser(found, timeout_s) if found and Path(found).exists() else None


def read_picture(picture: Image.Image, number: int, recogniser: Recogniser | None) -> PageText:
    """Return what a picture says, upright, or an empty page that says why not."""
    if recogniser is None:
        return PageText(number, picture.width, picture.height, source=None, problem=NOT_AVAILABLE)
    turn = upright_turn(picture, recogniser)
    upright = picture.rotate(-turn, expand=True) if turn else picture
    straight = straightened(upright)
    clean = without_rulings(straight.picture)
    first = _words(_run(clean, recogniser, "--psm", "6", "tsv"), straight)
    second = _words(_run(clean, recogniser, "--psm", "11", "tsv"), straight)
    return PageText(
        number,
        upright.width,
        upright.height,
        rotation=turn,
        words=tuple(agreed(first, second)),
        source="ocr",
        lean=straight.degrees,
    )


def upright_turn(picture: Image.Image, recogniser: Recogniser | None) -> int:
    """Return the clockwise turn that sets a picture upright; 0 when it cannot be told."""
    if recogniser is None:
        return 0
    small = picture.copy()
    small.thumbnail((_TURN_SIDE, _TURN_SIDE))
    try:
        said = _run(small, recogniser, "--psm", "0", language="osd")
    except TimedOutError:
        raise
    except ReadingError:
        said = ""
    turn = re.search(r"Rotate: (\d+)", said)
    sure = re.search(r"Orientation confidence: ([\d.]+)", said)
    if turn and sure and float(sure.group(1)) >= _CONFIDENT_TURN:
        return int(turn.group(1)) % 360
    return _best_turn(small, recogniser)


def _best_turn(small: Image.Image, recogniser: Recogniser) -> int:
    """Read a smaller copy in all four turns and keep the one with most certain letters."""
    return max((0, 90, 180, 270), key=lambda turn: _sense(small, turn, recogniser))


def _sense(picture: Image.Image, turn: int, recogniser: Recogniser) -> float:
    turned = picture.rotate(-turn, expand=True)
    straight = Straightened(turned, 0.0)
    words = _words(_run(turned, recogniser, "--psm", "6", "tsv"), straight)
    return sum(len(word.text) * word.confidence for word in words if word.confidence > 0.6)


def _run(
    picture: Image.Image, recogniser: Recogniser, *options: str, language: str | None = None
) -> str:
    stored = io.BytesIO()
    picture.save(stored, "PNG", compress_level=1)
    command = [
        recogniser.program,
        "stdin",
        "stdout",
        "--dpi",
        "300",
        "-l",
        language or recogniser.language,
    ]
    try:
        done = subprocess.run(  # noqa: S603 - the program is the operator's, the options are ours.
            [*command, *options],
            input=stored.getvalue(),
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


def _words(table: str, straight: Straightened) -> list[Word]:
    words = []
    for line in table.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (int(cell) for cell in cells[6:10])
        box = straight.original((left, top, left + width, top + height))
        words.append(Word(cells[11].strip(), box, max(float(cells[10]), 0.0) / 100))
    return words
