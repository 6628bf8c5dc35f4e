"""What leaves of a DICOM object is its picture, and nothing of what its header says."""

from __future__ import annotations

import io
from typing import Any

import pydicom
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
    UltrasoundImageStorage,
)

from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.dicom import dicom_picture
from careflow.ai.privacy.pictures import scrubbed_file
from careflow.ai.privacy.pixels import stored
from careflow.ai.reading.recogniser import find_recogniser, pieces, run

MARK = "Zebrowska"
"""Stands in every field that can hold words."""
SIZE = (160, 120)


def an_object(picture: Image.Image | None = None, *, syntax: str = ExplicitVRLittleEndian) -> Any:
    """Return a DICOM object that names its patient in every standard way, and in private ones."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    made.file_meta.SourceApplicationEntityTitle = MARK
    made.SOPClassUID, made.SOPInstanceUID = UltrasoundImageStorage, "1.2.3.4"
    _identify(made)
    _draw(made, picture or Image.linear_gradient("L").resize(SIZE))
    return made


def _identify(made: Dataset) -> None:
    with pydicom.config.disable_value_validation():
        for keyword in pydicom.datadict.keyword_dict:
            vr = pydicom.datadict.dictionary_VR(keyword)
            tag = pydicom.tag.Tag(pydicom.datadict.keyword_dict[keyword])
            if tag.group < 8 or not keyword or tag.group in {0x0028, 0x7FE0}:
                continue
            if vr in {"PN", "LO", "SH", "LT", "ST", "UT"} and "Repeat" not in keyword:
                setattr(made, keyword, MARK)
    made.PatientBirthDate, made.PatientID = "19581104", "00418273"
    made.BurnedInAnnotation, made.PatientIdentityRemoved = "NO", "YES"
    block = made.private_block(0x0019, f"{MARK} private", create=True)
    block.add_new(0x01, "LO", MARK)
    block.add_new(0x02, "OB", MARK.encode())
    made.add_new(0x60000010, "US", SIZE[1])
    made.add_new(0x60000022, "LO", MARK)
    made.add_new(0x60003000, "OB", MARK.encode() * 10)


def _draw(made: Dataset, picture: Image.Image) -> None:
    made.Rows, made.Columns = picture.height, picture.width
    made.SamplesPerPixel = len(picture.getbands())
    made.PhotometricInterpretation = "RGB" if picture.mode == "RGB" else "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 16 if picture.mode == "I;16" else 8
    made.HighBit, made.PixelRepresentation = made.BitsStored - 1, 0
    if made.SamplesPerPixel == 3:
        made.PlanarConfiguration = 0
    made.PixelData = picture.tobytes()


def as_file(made: Any) -> bytes:
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def grey_at(picture: Image.Image, x: int, y: int) -> int:
    return picture.convert("L").tobytes()[y * picture.width + x]


def test_nothing_of_a_header_leaves_private_fields_and_overlays_neither() -> None:
    given = as_file(an_object())
    assert given.count(MARK.encode()) > 300

    left = stored(dicom_picture(given), as_jpeg=False)

    for word in (MARK.encode(), b"00418273", b"19581104", b"1.2.3.4", b"DICM"):
        assert word not in left
    shown = Image.open(io.BytesIO(left))
    shown.load()
    assert shown.info == {}
    assert shown.size == SIZE


def test_a_grey_picture_is_shown_by_its_window() -> None:
    levels = b"".join(value.to_bytes(2, "little") for value in range(0, 4000, 40)) * 100
    made = an_object(Image.frombytes("I;16", (100, 100), levels))
    made.BitsStored, made.HighBit = 12, 11
    made.RescaleSlope, made.RescaleIntercept = 1, -1024
    made.WindowCenter, made.WindowWidth = [0, 40], [1000, 80]

    picture = dicom_picture(as_file(made))

    assert picture.mode == "L"
    assert grey_at(picture, 12, 5) == 0
    assert grey_at(picture, 25, 5) == pytest.approx(122, abs=2)
    assert grey_at(picture, 39, 5) == 255


def test_a_picture_without_a_window_is_shown_from_its_darkest_to_its_lightest() -> None:
    made = an_object(Image.linear_gradient("L").resize(SIZE).point(lambda v: 40 + v // 4))

    picture = dicom_picture(as_file(made))

    assert (min(picture.tobytes()), max(picture.tobytes())) == (0, 255)


def test_signed_values_and_inverse_greys_are_shown_right() -> None:
    values = [-100, 0, 100, 200] * 1600
    made = an_object(
        Image.frombytes(
            "I;16", (80, 80), b"".join(v.to_bytes(2, "little", signed=True) for v in values)
        )
    )
    made.PixelRepresentation = 1
    made.PhotometricInterpretation = "MONOCHROME1"

    picture = dicom_picture(as_file(made))

    assert [grey_at(picture, x, 3) for x in range(4)] == [255, 170, 85, 0]


def test_an_overlay_in_bits_that_the_picture_does_not_use_stays_behind() -> None:
    plain = [500] * 6400
    marked = [value | (0x8000 if number % 7 else 0) for number, value in enumerate(plain)]
    pictures = []
    for values in (plain, marked):
        made = an_object(
            Image.frombytes("I;16", (80, 80), b"".join(v.to_bytes(2, "little") for v in values))
        )
        made.BitsStored, made.HighBit = 12, 11
        pictures.append(dicom_picture(as_file(made)).tobytes())

    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
@pytest.mark.parametrize("planar", [0, 1])
def test_colours_are_shown_however_they_are_laid_out(syntax: str, planar: int) -> None:
    picture = Image.new("RGB", SIZE, (200, 100, 50))
    made = an_object(picture, syntax=syntax)
    made.PlanarConfiguration = planar
    if planar:
        made.PixelData = b"".join(band.tobytes() for band in picture.split())

    assert dicom_picture(as_file(made)).tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    ("syntax", "form"), [(JPEGBaseline8Bit, "JPEG"), (JPEG2000Lossless, "JPEG2000")]
)
def test_frames_that_are_jpeg_files_are_opened_without_their_comments(
    syntax: str, form: str
) -> None:
    out = io.BytesIO()
    Image.new("L", SIZE, 90).save(out, form, comment=MARK)
    made = an_object(syntax=syntax)
    made.PixelData = encapsulate([out.getvalue()])
    made["PixelData"].is_undefined_length = True
    made.WindowCenter, made.WindowWidth = 128, 256

    left = stored(dicom_picture(as_file(made)), as_jpeg=False)

    assert MARK.encode() not in left
    assert grey_at(Image.open(io.BytesIO(left)), 9, 9) == pytest.approx(90, abs=3)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_run_lengths_are_unpacked(mode: str) -> None:
    picture = Image.linear_gradient("L").resize(SIZE).convert(mode)
    if mode == "RGB":
        picture = Image.merge("RGB", [picture.split()[0], *Image.new("RGB", SIZE, 9).split()[1:]])
    made = an_object(picture)
    made.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    made.WindowCenter, made.WindowWidth = 127.5, 255

    assert dicom_picture(as_file(made)).tobytes() == picture.tobytes()


def test_what_cannot_be_decoded_is_refused_by_name() -> None:
    made = an_object(syntax=JPEGLSLossless)
    made.PixelData = encapsulate([b"\xff\xd8\xff\xf7\x00\x00"])
    made["PixelData"].is_undefined_length = True

    with pytest.raises(CannotCleanError, match="JPEG-LS Lossless"):
        dicom_picture(as_file(made))


def test_an_object_without_a_picture_is_refused() -> None:
    report = an_object()
    del report.PixelData

    with pytest.raises(CannotCleanError, match="no picture"):
        dicom_picture(as_file(report))


def test_several_frames_are_refused() -> None:
    film = an_object()
    film.NumberOfFrames = 2
    film.PixelData = film.PixelData * 2

    with pytest.raises(CannotCleanError, match="several"):
        dicom_picture(as_file(film))


@pytest.mark.parametrize("cut", [0, 100, 140, 5000, -40])
def test_a_damaged_object_is_refused(cut: int) -> None:
    with pytest.raises(CannotCleanError, match=r"damaged|no picture"):
        dicom_picture(as_file(an_object())[:cut])


def test_a_header_that_promises_more_pixels_than_may_be_is_refused() -> None:
    made = an_object()
    made.Rows = made.Columns = 60_000

    with pytest.raises(CannotCleanError, match="too large"):
        dicom_picture(as_file(made))


def test_a_name_on_the_picture_is_covered_though_the_header_says_there_is_none() -> None:
    recogniser = find_recogniser()
    if recogniser is None:
        pytest.skip("tesseract is not installed")
    picture = Image.new("L", (320, 240), 0)
    font = ImageFont.truetype("DejaVuSans.ttf", 18)
    ImageDraw.Draw(picture).text((10, 8), f"{MARK} 00418273", fill=255, font=font)

    clean = scrubbed_file(as_file(an_object(picture)), "application/dicom", recogniser=recogniser)

    assert clean.media_type == "image/png"
    assert clean.words >= 2
    assert MARK.encode() not in clean.content
    shown = Image.open(io.BytesIO(clean.content))
    assert not pieces(run([shown], recogniser, "--psm", "11", "tsv"))


def test_a_broken_object_stays_with_a_reason_for_the_person() -> None:
    recogniser = find_recogniser()
    if recogniser is None:
        pytest.skip("tesseract is not installed")
    with pytest.raises(PrivacyRefusedError, match="DICOM object is damaged"):
        scrubbed_file(b"no object", "application/dicom", recogniser=recogniser)
