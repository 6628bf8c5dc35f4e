"""Reads pictures of text with the tesseract program."""

from __future__ import annotations

import re

from PIL import Image

from careflow.ai.reading.deskew import Straightened, straightened
from careflow.ai.reading.errors import ReadingError, TimedOutError
from careflow.ai.reading.page import PageText, Word
from careflow.ai.reading.recogniser import Piece, Recogniser, find_recogniser, pieces, run
from careflow.ai.reading.rulings import without_rulings
from careflow.ai.reading.second_reading import agreed
from careflow.ai.reading.third_reading import read_again

__all__ = ["NOT_AVAILABLE", "Recogniser", "find_recogniser", "read_picture", "upright_turn"]

NOT_AVAILABLE = (
    "The page is a picture, and the program that reads pictures (tesseract) is not installed."
)
_TURN_SIDE = 2000
_CONFIDENT_TURN = 2.0


def read_picture(picture: Image.Image, number: int, recogniser: Recogniser | None) -> PageText:
    """Return what a picture says, upright, or an empty page that says why not."""
    if recogniser is None:
        return PageText(number, picture.width, picture.height, source=None, problem=NOT_AVAILABLE)
    turn = upright_turn(picture, recogniser)
    upright = picture.rotate(-turn, expand=True) if turn else picture
    straight = straightened(upright)
    clean = without_rulings(straight.picture)
    first = pieces(run([clean], recogniser, "--psm", "6", "tsv"))
    second = pieces(run([clean], recogniser, "--psm", "11", "tsv"))
    words = read_again(clean, agreed(first, second), second, recogniser)
    return PageText(
        number,
        upright.width,
        upright.height,
        rotation=turn,
        words=tuple(_word(piece, straight) for piece in words),
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
        said = run([small], recogniser, "--psm", "0", language="osd")
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
    words = pieces(run([turned], recogniser, "--psm", "6", "tsv"))
    return sum(len(word.text) * word.confidence for word in words if word.confidence > 0.6)


def _word(piece: Piece, straight: Straightened) -> Word:
    return Word(piece.text, straight.original(piece.box), piece.confidence)
