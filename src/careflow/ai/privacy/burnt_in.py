"""Finds writing that is part of a picture, and covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.ink import reaching
from careflow.ai.privacy.marks import is_mark, letters_of
from careflow.ai.privacy.views import Box, View, views_of
from careflow.ai.reading.errors import ReadingError
from careflow.ai.reading.recogniser import Piece, Recogniser, pieces, run

_ROUNDS_MAX = 5
_COVERED_MAX = 0.6
_BATCH_PIXELS = 20_000_000
_SURE_OF = {1: 0.85, 2: 0.7, 3: 0.55}
_SURE_OF_LONG = 0.4
"""How sure the recogniser is, by the letters of a word, before the word counts: it sees words of
one or two letters in every texture."""
_CLEAR = 0.7
_CLEAR_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Writing:
    """A word as it stands on a picture.

    Attributes:
        is_clear: Whether anyone would read it as a word; the rest may be texture.
    """

    box: Box
    is_clear: bool
    is_level: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A picture without writing, and how many words were covered."""

    picture: Image.Image
    words: int


def without_writing(picture: Image.Image, recogniser: Recogniser) -> Covered:
    """Return a picture (``L`` or ``RGB``) with every word covered in black but allowed marks.

    What was covered is looked at again, until nothing is read.

    Raises:
        CannotCleanError: Words can still be read, or little of the picture would be left.
    """
    clean, words = picture.copy(), 0
    cover = Image.new("1", picture.size)
    for _ in range(_ROUNDS_MAX):
        found = writing_on(clean, recogniser)
        if not found:
            return Covered(clean, words)
        words += len(_apart(found))
        _cover(clean, cover, found)
        if cover.histogram()[-1] > _COVERED_MAX * picture.width * picture.height:
            raise CannotCleanError("the picture is mostly writing")
    if any(one.is_clear for one in writing_on(clean, recogniser)):
        raise CannotCleanError("writing on the picture cannot be covered")
    return Covered(clean, words)


def writing_on(picture: Image.Image, recogniser: Recogniser) -> list[Writing]:
    """Return every word that is read in any view of a picture, allowed marks left aside."""
    found: list[Writing] = []
    try:
        for views in _batches(views_of(picture)):
            shown = [view.picture for view in views]
            read = pieces(run(shown, recogniser, "--psm", "11", "tsv"))
            for number, view in enumerate(views):
                found += _writing(view, [piece for piece in read if piece.picture == number])
    except ReadingError as error:
        raise CannotCleanError("looking for writing on the picture failed") from error
    return found


def _batches(views: Iterator[View]) -> Iterator[list[View]]:
    batch: list[View] = []
    pixels = 0
    for view in views:
        size = view.picture.width * view.picture.height
        if batch and pixels + size > _BATCH_PIXELS:
            yield batch
            batch, pixels = [], 0
        batch.append(view)
        pixels += size
    if batch:
        yield batch


def _writing(view: View, read: list[Piece]) -> Iterator[Writing]:
    words = [piece for piece in read if _counts(piece)]
    for piece in words:
        if is_mark(piece.text) and not _has_neighbour(piece, words):
            continue
        clear = piece.confidence >= _CLEAR and letters_of(piece.text) >= _CLEAR_LETTERS
        yield Writing(view.original(piece.box), clear, view.turn % 90 == 0)


def _counts(piece: Piece) -> bool:
    letters = letters_of(piece.text)
    return letters > 0 and piece.confidence >= _SURE_OF.get(letters, _SURE_OF_LONG)


def _has_neighbour(mark: Piece, words: list[Piece]) -> bool:
    """Report whether another word stands in the mark's line: "R" alone is a side, "R Lee" is not.

    Another mark is no such word.
    """
    return any(
        other.line == mark.line and not is_mark(other.text) for other in words if other is not mark
    )


def _apart(found: list[Writing]) -> list[Box]:
    """Return the places of words, those seen in several views once."""
    kept: list[Box] = []
    for one in found:
        x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
        if not any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in kept):
            kept.append(one.box)
    return kept


def _cover(picture: Image.Image, cover: Image.Image, found: list[Writing]) -> None:
    # All places are measured before the first is covered: a cover would look like ink.
    boxes = [reaching(picture, one.box) if one.is_level else one.box for one in found]
    for box in boxes:
        margin = max(round(0.3 * min(box[2] - box[0], box[3] - box[1])), 2)
        # The last pixel is part of what Pillow draws.
        place = (box[0] - margin, box[1] - margin, box[2] + margin - 1, box[3] + margin - 1)
        ImageDraw.Draw(picture).rectangle(place, fill=0)
        ImageDraw.Draw(cover).rectangle(place, fill=1)
