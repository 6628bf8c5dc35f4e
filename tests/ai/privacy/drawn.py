"""Draws pictures like those of a clinic, with invented words burnt in, and knows where they are."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Box = tuple[int, int, int, int]

FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSerif.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSansNarrow-Regular.ttf",
    "LiberationMono-Regular.ttf",
    "LiberationSerif-Italic.ttf",
)
_GIVEN = (
    *("Maria", "John", "Aisha", "Wei", "Olga", "Priya", "Liam"),
    *("Noor", "Hanna", "Pedro", "Keisha", "Tomasz", "Ingrid", "Yusuf"),
)
_FAMILY = (
    *("Garcia", "Smith", "Okafor", "Chen", "Petrova", "Kaur"),
    *("O'Brien", "Haddad", "Lindqvist", "Almeida", "Washington", "Kowalska"),
)
GROUNDS = ("black", "ultrasound", "radiograph", "photograph", "paper", "skin")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and the words on it with their places."""

    picture: Image.Image
    words: tuple[tuple[str, Box], ...]
    kind: str


def ground(kind: str, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Return a picture of a kind without any word."""
    if kind == "black":
        return Image.new("L", size, rng.randrange(0, 12))
    if kind == "paper":
        return Image.new("L", size, rng.randrange(235, 256))
    if kind == "ultrasound":
        return _fan(size, rng)
    if kind == "radiograph":
        return _radiograph(size, rng)
    return _coloured(size, rng, is_skin=kind == "skin")


def _noise(size: tuple[int, int], rng: random.Random, *, grain: int, soft: float) -> Image.Image:
    small = (max(size[0] // grain, 2), max(size[1] // grain, 2))
    noise = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    return noise.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(soft))


def _fan(size: tuple[int, int], rng: random.Random) -> Image.Image:
    width, height = size
    speckle = ImageChops.multiply(
        _noise(size, rng, grain=2, soft=0.8), _noise(size, rng, grain=24, soft=6)
    )
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    draw.pieslice(
        (int(width * 0.1), int(-height * 0.55), int(width * 0.9), int(height * 0.95)),
        45,
        135,
        fill=255,
    )
    return ImageChops.multiply(speckle.point(lambda v: min(v * 2, 255)), mask)


def _radiograph(size: tuple[int, int], rng: random.Random) -> Image.Image:
    width, height = size
    base = _noise(size, rng, grain=40, soft=14)
    draw = ImageDraw.Draw(base)
    for rib in range(5):
        top = int(height * (0.15 + 0.14 * rib))
        draw.arc((int(width * 0.1), top, int(width * 0.9), top + height // 3), 200, 340, 190, 7)
    grain = _noise(size, rng, grain=1, soft=0.6)
    return Image.blend(base.filter(ImageFilter.GaussianBlur(5)), grain, 0.12)


def _coloured(size: tuple[int, int], rng: random.Random, *, is_skin: bool) -> Image.Image:
    tone = (205, 150, 125) if is_skin else tuple(rng.randrange(60, 200) for _ in range(3))
    flat = Image.new("RGB", size, tone)
    cloud = Image.merge("RGB", [_noise(size, rng, grain=50, soft=10) for _ in range(3)])
    mixed = Image.blend(flat, cloud, 0.15 if is_skin else 0.45)
    draw = ImageDraw.Draw(mixed)
    for _ in range(5):
        x, y = rng.randrange(size[0]), rng.randrange(size[1])
        r = rng.randrange(8, 60)
        draw.ellipse((x, y, x + r, y + r), fill=tuple(rng.randrange(256) for _ in range(3)))
    return mixed.filter(ImageFilter.GaussianBlur(2))


def words_for(rng: random.Random) -> str:
    """Return a line as a machine or a person would put it on a picture."""
    given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
    born = f"{rng.randrange(1, 29):02}/{rng.randrange(1, 13):02}/{rng.randrange(1930, 2015)}"
    number = rng.randrange(100_000, 99_999_999)
    return rng.choice(
        [
            f"{family.upper()}, {given.upper()}",
            f"{family.upper()}^{given.upper()}",
            f"{given} {family} {born}",
            f"MRN {number}",
            f"DOB: {born}",
            f"Pt: {given} {family}",
            f"{given} {family}",
            f"ID {number} {family.upper()}",
            "St. Anselm Hospital",
        ]
    )


def drawn(seed: int, *, kind: str | None = None, turn: int | None = None) -> Drawn:
    """Return a picture of its own for each seed, with one to three lines burnt in."""
    rng = random.Random(seed)
    kind = kind or rng.choice(GROUNDS)
    size = rng.choice([(512, 512), (640, 480), (800, 600), (1024, 768), (600, 900)])
    picture = ground(kind, size, rng)
    words: list[tuple[str, Box]] = []
    for corner in rng.sample(range(4), rng.randrange(1, 4)):
        angle = rng.choice([0, 0, 0, 90, 180, 270]) if turn is None else turn
        words += _write(picture, words_for(rng), corner, angle, rng)
    return Drawn(picture, tuple(words), kind)


def _write(
    picture: Image.Image, line: str, corner: int, turn: int, rng: random.Random
) -> list[tuple[str, Box]]:
    """Write a line into a corner; letters differ from their ground by at least 40 levels."""
    font = ImageFont.truetype(rng.choice(FONTS), rng.choice([11, 12, 14, 16, 20, 24, 32]))
    layer, boxes = _line(line, font)
    if turn:
        boxes = [(word, _turned(box, turn, layer.size)) for word, box in boxes]
        layer = layer.rotate(-turn, expand=True)
    if layer.width > picture.width - 16 or layer.height > picture.height - 16:
        return []
    x = 8 if corner in {0, 2} else picture.width - layer.width - 8
    y = 8 if corner in {0, 1} else picture.height - layer.height - 8
    below = picture.crop((x, y, x + layer.width, y + layer.height))
    picture.paste(_ink(below, rng), (x, y), layer)
    return [(word, (b[0] + x, b[1] + y, b[2] + x, b[3] + y)) for word, b in boxes]


def _ink(below: Image.Image, rng: random.Random) -> int | tuple[int, int, int]:
    grey = below.convert("L")
    mean = sum(grey.tobytes()) // (grey.width * grey.height)
    apart = rng.choice([45, 80, 140, 255])
    level = min(mean + apart, 255) if mean < 128 else max(mean - apart, 0)
    if below.mode == "L":
        return level
    return (level, level, rng.choice([level, 0, 255]))


def _line(line: str, font: ImageFont.FreeTypeFont) -> tuple[Image.Image, list[tuple[str, Box]]]:
    width, height = font.getbbox(line)[2:]
    layer = Image.new("L", (int(width) + 4, int(height) + 4), 0)
    draw = ImageDraw.Draw(layer)
    draw.text((2, 2), line, fill=255, font=font)
    boxes = []
    at = 0
    for word in line.split():
        at = line.index(word, at)
        left = 2 + font.getlength(line[:at])
        right = 2 + font.getlength(line[: at + len(word)])
        at += len(word)
        ink = layer.crop((int(left), 0, int(right) + 1, layer.height)).getbbox()
        if ink:
            x = int(left)
            boxes.append((word, (x + ink[0], ink[1], x + ink[2], ink[3])))
    return layer, boxes


def _turned(box: Box, turn: int, size: tuple[int, int]) -> Box:
    width, height = size
    if turn == 90:
        return (height - box[3], box[0], height - box[1], box[2])
    if turn == 180:
        return (width - box[2], height - box[3], width - box[0], height - box[1])
    return (box[1], width - box[2], box[3], width - box[0])
