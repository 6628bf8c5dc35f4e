"""What a picture shows and nothing else: levels of grey or colour, no word about where it is from.

Everything that is not a pixel stays behind: camera, place and time, comments, previews, colour
profiles, what is hidden under transparency, and whatever was put behind the end of the file.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from careflow.ai.privacy.cannot_clean import CannotCleanError

PICTURES = frozenset({"image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif"})
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF")
STORED_PIXELS_MAX = 40_000_000
"""A letter page at 600 dots an inch is 34 million; more is not a page but a bomb."""
SHOWN_PIXELS_MAX = 4_000_000
"""More than any model looks at; a larger picture leaves smaller."""
SIDE_MIN = 32
"""Pixels; on less, nothing is seen and no letter can be told from noise."""
_JPEG_QUALITY = 90


def plain_picture(content: bytes) -> Image.Image:
    """Return the pixels of a picture, upright as its camera says, as ``L`` or ``RGB``.

    Raises:
        CannotCleanError: It is no picture, too small or too large, or several in one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decoded(content)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise CannotCleanError("the picture is too large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise CannotCleanError("the picture is damaged or of a kind that is not read") from error


def fitting(picture: Image.Image) -> Image.Image:
    """Return the picture at a size that may leave.

    Raises:
        CannotCleanError: It is too small to tell what it shows.
    """
    if min(picture.size) < SIDE_MIN:
        raise CannotCleanError("the picture is too small")
    pixels = picture.width * picture.height
    if pixels <= SHOWN_PIXELS_MAX:
        return picture
    scale = (SHOWN_PIXELS_MAX / pixels) ** 0.5
    size = (max(int(picture.width * scale), 1), max(int(picture.height * scale), 1))
    return picture.resize(size, Image.Resampling.LANCZOS)


def stored(picture: Image.Image, *, as_jpeg: bool) -> bytes:
    """Return a picture as a file that holds its pixels alone."""
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    if as_jpeg:
        bare.save(out, "JPEG", quality=_JPEG_QUALITY)
    else:
        bare.save(out, "PNG")
    return out.getvalue()


def _decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=_FORMATS)
    if image.width * image.height > STORED_PIXELS_MAX:
        raise CannotCleanError("the picture is too large")
    # What a camera adds to a JPEG are previews of the same picture; they stay behind.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise CannotCleanError("the file holds several pictures; send one at a time")
    return fitting(_flat(ImageOps.exif_transpose(image)))


def _flat(image: Image.Image) -> Image.Image:
    """Return a picture of any kind in eight bits a channel, on white where it is see-through."""
    if image.mode.startswith("I") or image.mode == "F":
        return _stretched(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        flat = Image.new("RGBA", seen.size, "white")
        flat.alpha_composite(seen)
        return flat.convert("L" if image.mode in {"LA", "La", "1", "L"} else "RGB")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """Return a picture of more than 256 levels with its darkest at black and its lightest white."""
    real = image.convert("F")
    low, high = _extremes(real)
    scale = 255.0 / (high - low) if high > low else 0.0
    return real.point(lambda level: level * scale - low * scale).convert("L")


def _extremes(image: Image.Image) -> tuple[float, float]:
    low, high = image.getextrema()
    return float(low), float(high)  # type: ignore[arg-type]  # one channel has no pairs
