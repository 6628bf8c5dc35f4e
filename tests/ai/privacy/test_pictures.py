"""What leaves of a picture is pixels without words, or nothing."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from careflow.ai.apart import Limits
from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.pictures import scrubbed_file
from careflow.ai.privacy.pixels import plain_picture, stored
from careflow.ai.reading.recogniser import Recogniser, find_recogniser, pieces, run
from tests.ai.privacy.drawn import ground

NAME = "LINDQVIST"
IDENTIFYING = (b"Lindqvist", b"LINDQVIST", b"lindqvist", b"00418273", b"Nikon", b"PK\x03\x04")

Picture = Image.Image


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    found = find_recogniser()
    if found is None:
        pytest.skip("tesseract is not installed")
    return found


def a_picture(*, mode: str = "L", level: int = 12, size: tuple[int, int] = (320, 240)) -> Picture:
    return Image.new("L", size, level).convert(mode)


def written_on(
    picture: Picture, text: str, *, fill: int | str | tuple[int, ...] = 255, size: int = 18
) -> Picture:
    font = ImageFont.truetype("DejaVuSans.ttf", size)
    ImageDraw.Draw(picture).text((10, 8), text, fill=fill, font=font)
    return picture


def as_file(picture: Picture, form: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def words_on(content: bytes, recogniser: Recogniser) -> str:
    picture = Image.open(io.BytesIO(content)).convert("L")
    turned = [picture.rotate(turn, expand=True) for turn in (0, 90, 180, 270)]
    sizes = [one.resize((one.width * 2, one.height * 2)) for one in turned]
    read = pieces(run([*turned, *sizes], recogniser, "--psm", "11", "tsv"))
    return " ".join(piece.text for piece in read)


# What is stored beside the pixels.


def _with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Nikon"
    exif[0x9C9D] = "Lindqvist".encode("utf-16-le")
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 45.0)
    return as_file(a_picture(mode="RGB"), "JPEG", exif=exif, comment=b"Lindqvist 00418273")


def _with_text() -> bytes:
    info = PngInfo()
    info.add_text("Patient", "Lindqvist 00418273")
    info.add_itxt("XML:com.adobe.xmp", "<x>Lindqvist</x>", zip=True)
    return as_file(a_picture(), "PNG", pnginfo=info, exif=_exif_of("Lindqvist"))


def _exif_of(name: str) -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B] = name
    return exif


def _with_archive() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("Lindqvist.txt", "00418273")
    return as_file(a_picture(), "PNG") + archive.getvalue()


def _with_tiff_tags() -> bytes:
    return as_file(a_picture(), "TIFF", tiffinfo={315: "Lindqvist", 270: "00418273"})


def _with_gif_comment() -> bytes:
    return as_file(a_picture(mode="P"), "GIF", comment=b"Lindqvist 00418273")


def _with_webp_exif() -> bytes:
    return as_file(a_picture(mode="RGB"), "WEBP", exif=_exif_of("Lindqvist"), xmp=b"Lindqvist")


@pytest.mark.parametrize(
    "make",
    [_with_exif, _with_text, _with_archive, _with_tiff_tags, _with_gif_comment, _with_webp_exif],
)
def test_nothing_but_pixels_leaves_whatever_a_file_carries_beside_them(
    make: Callable[[], bytes],
) -> None:
    given = make()
    assert any(word in given for word in IDENTIFYING)

    for as_jpeg in (False, True):
        left = stored(plain_picture(given), as_jpeg=as_jpeg)

        assert not any(word in left for word in IDENTIFYING)
        again = Image.open(io.BytesIO(left))
        again.load()
        assert not again.getexif()
        assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_a_picture_stands_as_its_camera_says_once_that_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = as_file(a_picture(mode="RGB"), "JPEG", exif=exif)

    assert plain_picture(wide).size == (240, 320)


@pytest.mark.parametrize(
    ("form", "mode", "shown"),
    [
        ("JPEG", "CMYK", "RGB"),
        ("TIFF", "CMYK", "RGB"),
        ("PNG", "I;16", "L"),
        ("TIFF", "I;16", "L"),
        ("TIFF", "F", "L"),
        ("PNG", "1", "L"),
        ("PNG", "P", "RGB"),
        ("GIF", "P", "RGB"),
        ("PNG", "LA", "L"),
        ("PNG", "RGBA", "RGB"),
        ("WEBP", "RGBA", "RGB"),
        ("TIFF", "LAB", "RGB"),
    ],
)
def test_a_picture_of_any_kind_leaves_in_eight_bits(form: str, mode: str, shown: str) -> None:
    picture = _ramp(mode)

    plain = plain_picture(as_file(picture, form))

    assert plain.mode == shown
    assert plain.size == picture.size
    levels = plain.convert("L").tobytes()
    assert min(levels) < 60
    assert max(levels) > 195


def _ramp(mode: str) -> Picture:
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        return Image.frombytes(
            "I;16", grey.size, b"".join((v * 8).to_bytes(2, "little") for v in grey.tobytes())
        )
    return grey.convert("RGB").convert(mode) if mode not in {"F", "1", "LA"} else grey.convert(mode)


def test_what_transparency_hid_stays_behind() -> None:
    secret = written_on(a_picture(mode="RGB", level=255), NAME, fill="black")
    secret.putalpha(0)

    assert plain_picture(as_file(secret)).getextrema() == ((255, 255),) * 3


def test_several_pictures_in_one_are_refused() -> None:
    second = a_picture(level=200)
    for form in ("GIF", "TIFF", "PNG", "WEBP"):
        many = as_file(a_picture(), form, save_all=True, append_images=[second])
        with pytest.raises(CannotCleanError, match="several pictures"):
            plain_picture(many)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (as_file(Image.new("L", (20, 400))), "too small"),
        (as_file(Image.new("1", (20_000, 20_000))), "too large"),
        (as_file(Image.new("1", (7_000, 7_000))), "too large"),
        (as_file(a_picture())[:60], "damaged"),
        (b"no picture", "damaged"),
        (b"", "damaged"),
    ],
)
def test_a_picture_that_cannot_be_looked_at_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(CannotCleanError, match=reason):
        plain_picture(content)


def test_a_large_picture_leaves_no_larger_than_anyone_looks_at() -> None:
    plain = plain_picture(as_file(Image.new("L", (3000, 4000))))

    assert plain.width * plain.height <= 4_000_000
    assert plain.height / plain.width == pytest.approx(4 / 3, abs=0.01)


# What is written on the pixels.


def test_names_in_corners_are_covered_whichever_way_they_stand(recogniser: Recogniser) -> None:
    given = a_picture(size=(320, 320))
    for turn in (0, 90, 180, 270):
        line = written_on(a_picture(level=0, size=(320, 320)), f"{NAME}, INGRID")
        given = ImageChops.lighter(given, line.rotate(turn))

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    assert clean.words >= 4
    shown = Image.open(io.BytesIO(clean.content))
    letters = given.point(lambda level: 255 if level > 60 else 0)
    assert max(shown.histogram(letters)[13:]) == 0
    assert not words_on(clean.content, recogniser).strip(" .,-_|—~")


@pytest.mark.parametrize(
    ("level", "ink", "size"),
    [(20, 48, 16), (255, 0, 11), (0, 255, 60)],
)
def test_faint_tiny_and_huge_words_are_covered(
    level: int, ink: int, size: int, recogniser: Recogniser
) -> None:
    given = written_on(a_picture(level=level), NAME[:7], fill=ink, size=size)

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    box = ImageDraw.Draw(given).textbbox(
        (10, 8), NAME[:7], font=ImageFont.truetype("DejaVuSans.ttf", size)
    )
    shown = Image.open(io.BytesIO(clean.content)).convert("L")
    assert shown.crop(box).getextrema() == (0, 0)


def test_a_name_in_colours_as_bright_as_their_ground_is_covered(recogniser: Recogniser) -> None:
    # Both have the same brightness; only the colour tells them apart.
    given = written_on(Image.new("RGB", (320, 240), (170, 60, 60)), NAME, fill=(0, 148, 60))

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    assert clean.words >= 1


def test_a_name_on_an_ultrasound_is_covered_and_the_rest_stays(recogniser: Recogniser) -> None:
    rng = random.Random(7)
    fan = ground("ultrasound", (320, 240), rng)
    given = written_on(fan.copy(), f"{NAME} 04/11/1958", size=14)

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    shown = Image.open(io.BytesIO(clean.content))
    assert NAME not in words_on(clean.content, recogniser)
    below = (0, 40, 320, 240)
    assert shown.crop(below).tobytes() == fan.crop(below).tobytes()


def test_the_side_mark_of_a_radiograph_stays(recogniser: Recogniser) -> None:
    given = written_on(a_picture(), "LAT", size=28)

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    assert clean.words == 0
    assert "LAT" in words_on(clean.content, recogniser)


def test_a_mark_beside_a_name_goes_with_it(recogniser: Recogniser) -> None:
    given = written_on(a_picture(), "AP Lindqvist", size=24)

    clean = scrubbed_file(as_file(given), "image/png", recogniser=recogniser)

    assert not words_on(clean.content, recogniser).strip(" .,-_|—~")


def test_a_jpeg_leaves_as_a_jpeg_without_its_words(recogniser: Recogniser) -> None:
    given = as_file(written_on(a_picture(mode="RGB"), NAME, fill="white"), "JPEG")

    clean = scrubbed_file(given, "image/jpeg", recogniser=recogniser)

    assert clean.media_type == "image/jpeg"
    assert NAME not in words_on(clean.content, recogniser)


def test_a_page_of_writing_is_refused(recogniser: Recogniser) -> None:
    page = Image.new("L", (400, 300), 255)
    font = ImageFont.truetype("DejaVuSans-Bold.ttf", 34)
    for line in range(7):
        ImageDraw.Draw(page).text((4, line * 42), "DISCHARGED FOR", fill=0, font=font)

    with pytest.raises(PrivacyRefusedError, match="mostly writing"):
        scrubbed_file(as_file(page), "image/png", recogniser=recogniser)


# When nobody can look.


def test_without_a_recogniser_no_picture_leaves() -> None:
    with pytest.raises(PrivacyRefusedError, match="not installed"):
        scrubbed_file(as_file(a_picture()), "image/png", recogniser=None)


def test_a_recogniser_that_fails_stops_the_picture(tmp_path: Path) -> None:
    broken = tmp_path / "tesseract"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(PrivacyRefusedError, match="failed"):
        scrubbed_file(as_file(a_picture()), "image/png", recogniser=Recogniser(str(broken)))


def test_a_picture_that_takes_too_long_stays(tmp_path: Path) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o755)

    with pytest.raises(PrivacyRefusedError, match="too long"):
        scrubbed_file(
            as_file(a_picture()),
            "image/png",
            recogniser=Recogniser(str(slow), timeout_s=30),
            limits=Limits(timeout_s=3),
        )


def test_a_picture_that_needs_too_much_memory_stays(recogniser: Recogniser) -> None:
    large = as_file(Image.new("RGB", (6000, 6000)))

    with pytest.raises(PrivacyRefusedError):
        scrubbed_file(
            large, "image/png", recogniser=recogniser, limits=Limits(memory_bytes=150_000_000)
        )


@pytest.mark.parametrize(
    ("media_type", "reason"),
    [
        ("audio/wav", "voice"),
        ("video/mp4", "film"),
        ("application/zip", "stay on this machine"),
        ("text/plain", "stay on this machine"),
    ],
)
def test_sound_film_and_unknown_files_do_not_leave(media_type: str, reason: str) -> None:
    with pytest.raises(PrivacyRefusedError, match=reason):
        scrubbed_file(b"anything", media_type, recogniser=find_recogniser())
