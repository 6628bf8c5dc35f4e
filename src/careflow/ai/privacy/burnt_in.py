"""Finds writing that is part of a picture, and covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.ink import reaching
from careflow.ai.privacy.views import Box, View, views_of
from careflow.ai.privacy.writing import Seen, finest, writing_among
from careflow.ai.reading.errors import ReadingError
from careflow.ai.reading.recogniser import Recogniser, pieces, run

_ROUNDS_MAX = 5
_COVERED_MAX = 0.5
_BATCH_PIXELS = 6_000_000
_HIGHEST = 0.35
"""Share of a picture's height; what is higher is a shape that a letter was seen in."""


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
    cover = Image.new("L", picture.size)
    for _ in range(_ROUNDS_MAX):
        found = finest(writing_among(read_in_all_views(clean, recogniser)))
        if not found:
            return Covered(clean, words)
        words += len(_apart(found))
        _cover(clean, cover, found)
        if cover.histogram()[-1] > _COVERED_MAX * picture.width * picture.height:
            raise CannotCleanError("the picture is mostly writing")
    if writing_among(read_in_all_views(clean, recogniser)):
        raise CannotCleanError("writing on the picture cannot be covered")
    return Covered(clean, words)


def read_in_all_views(picture: Image.Image, recogniser: Recogniser) -> list[Seen]:
    """Return whatever the recogniser takes for a word in any view, at its place in the picture."""
    found: list[Seen] = []
    try:
        for batch, views in enumerate(_batches(views_of(picture))):
            shown = [view.picture for view in views]
            for piece in pieces(run(shown, recogniser, "--psm", "11", "tsv")):
                view = views[piece.picture]
                if piece.box[3] - piece.box[1] > _HIGHEST * view.picture.height:
                    continue
                line = (batch, piece.picture, *piece.line)
                box = view.original(piece.box)
                found.append(Seen(piece.text, piece.confidence, box, view.kind, line))
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


def _apart(found: list[Seen]) -> list[Box]:
    """Return the places of words, those seen in several views once."""
    kept: list[Box] = []
    for one in found:
        x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
        if not any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in kept):
            kept.append(one.box)
    return kept


def _cover(picture: Image.Image, cover: Image.Image, found: list[Seen]) -> None:
    # All places are measured before the first is covered: a cover would look like ink.
    boxes = [reaching(picture, one.box) for one in found]
    for box in boxes:
        margin = max(round(0.3 * min(box[2] - box[0], box[3] - box[1])), 2)
        # The last pixel is part of what Pillow draws.
        place = (box[0] - margin, box[1] - margin, box[2] + margin - 1, box[3] + margin - 1)
        ImageDraw.Draw(picture).rectangle(place, fill=0)
        ImageDraw.Draw(cover).rectangle(place, fill=255)
