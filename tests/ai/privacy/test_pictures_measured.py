"""How much of what is written on pictures is covered, and how much is covered for nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from PIL import ImageChops

from careflow.ai.privacy.burnt_in import without_writing
from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.reading.recogniser import Recogniser, find_recogniser
from tests.ai.privacy.drawn import GROUNDS, drawn, ground


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    found = find_recogniser()
    if found is None:
        pytest.skip("tesseract is not installed")
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """Words on pictures that left, how many of them were covered, and pictures that stayed."""

    words: int
    covered: int
    refused: int


def covered_on(seeds: Iterable[int], recogniser: Recogniser) -> Measured:
    """Count a word as covered when 98 of 100 pixels of its box are black."""
    words = covered = refused = 0
    for seed in seeds:
        given = drawn(seed)
        try:
            left = without_writing(given.picture, recogniser).picture.convert("L")
        except CannotCleanError:
            refused += 1
            continue
        for _, box in given.words:
            place = left.crop(box)
            words += 1
            covered += place.histogram()[0] >= 0.98 * place.width * place.height
    return Measured(words, covered, refused)


def covered_for_nothing(seeds: Iterable[int], recogniser: Recogniser) -> float:
    """Return the share of pixels that change on pictures without a word."""
    changed = pixels = 0
    for seed in seeds:
        given = ground(GROUNDS[seed % len(GROUNDS)], (640, 480), random.Random(seed))
        left = without_writing(given, recogniser).picture
        apart = ImageChops.difference(given.convert("L"), left.convert("L"))
        changed += sum(apart.histogram()[1:])
        pixels += given.width * given.height
    return changed / pixels


def test_every_word_on_some_pictures_is_covered(recogniser: Recogniser) -> None:
    measured = covered_on((101, 104), recogniser)

    assert measured.words >= 5
    assert measured.covered == measured.words
    assert measured.refused == 0


def test_a_picture_without_words_stays_as_it_is(recogniser: Recogniser) -> None:
    assert covered_for_nothing((5,), recogniser) == 0.0


@pytest.mark.sweep
@pytest.mark.timeout(7200)
def test_of_the_words_on_200_pictures_97_of_100_are_covered(recogniser: Recogniser) -> None:
    measured = covered_on(range(200), recogniser)

    assert measured.covered >= 0.97 * measured.words, measured
    assert measured.refused <= 10, measured


@pytest.mark.sweep
@pytest.mark.timeout(3600)
def test_of_pictures_without_words_hardly_a_pixel_is_covered(recogniser: Recogniser) -> None:
    assert covered_for_nothing(range(60), recogniser) <= 0.01
