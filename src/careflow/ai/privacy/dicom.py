"""The pixels of a DICOM object, as anyone would see them, and nothing of its header.

A header names the patient in dozens of places, private ones among them; a picture made anew from
the pixels has none of them. What a header says about writing on the picture is not believed.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from PIL import Image

from careflow.ai.privacy.cannot_clean import CannotCleanError
from careflow.ai.privacy.pixels import STORED_PIXELS_MAX, fitting

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

DICOM = "application/dicom"
_RLE = "1.2.840.10008.1.2.5"
_BY_PYDICOM = frozenset(
    {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", _RLE}
)
"""Transfer syntaxes that are read without numpy: plain, deflated and run lengths."""
_BY_PILLOW = {
    "1.2.840.10008.1.2.4.50": "JPEG",
    "1.2.840.10008.1.2.4.90": "JPEG2000",
    "1.2.840.10008.1.2.4.91": "JPEG2000",
}
"""Transfer syntaxes whose frames are files that Pillow opens: JPEG baseline and JPEG 2000."""
_GREY = frozenset({"MONOCHROME1", "MONOCHROME2"})
_COLOUR = {"RGB": "RGB", "YBR_FULL": "YCbCr"}
_DECODED_COLOUR = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"})


def dicom_picture(content: bytes) -> Image.Image:
    """Return the one picture of a DICOM object in 8 bits, as ``L`` or ``RGB``.

    Raises:
        CannotCleanError: It holds no picture or several, or one in a form that is not read.
    """
    try:
        import pydicom
    except ModuleNotFoundError as error:
        raise CannotCleanError("what reads DICOM (careflow[dicom]) is not installed") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return fitting(_picture(pydicom.dcmread(io.BytesIO(content))))
    except CannotCleanError:
        raise
    # A broken object breaks its reader in whatever way it likes.
    except Exception as error:
        raise CannotCleanError("the DICOM object is damaged") from error


def _picture(dataset: Dataset) -> Image.Image:
    if "PixelData" not in dataset:
        raise CannotCleanError("the DICOM object holds no picture")
    if int(dataset.get("NumberOfFrames") or 1) > 1:
        raise CannotCleanError("the DICOM object holds several pictures; send one at a time")
    if int(dataset.Rows) * int(dataset.Columns) > STORED_PIXELS_MAX:
        raise CannotCleanError("the picture is too large")
    return _coloured(dataset) if int(dataset.SamplesPerPixel) > 1 else _grey(dataset)


def _grey(dataset: Dataset) -> Image.Image:
    if dataset.PhotometricInterpretation not in _GREY:
        raise _not_read(f"the colours {dataset.PhotometricInterpretation}")
    raw = _raw_grey(dataset)
    table = _shown(dataset, raw)
    return (raw if raw.mode == "L" else raw.convert("I")).point(table, "L")


def _raw_grey(dataset: Dataset) -> Image.Image:
    """Return the stored values of a grey picture: ``L`` for 8 bits, ``I;16`` for 16."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax in _BY_PILLOW:
        picture = _by_pillow(dataset)
        if dataset.PixelRepresentation or picture.mode not in {"L", "I;16"}:
            raise _not_read(syntax.name)
        return picture
    modes = {8: "L", 16: "I;16"}
    if dataset.BitsAllocated not in modes:
        raise _not_read(f"{dataset.BitsAllocated} bits a pixel")
    size = (int(dataset.Columns), int(dataset.Rows))
    return Image.frombytes(modes[int(dataset.BitsAllocated)], size, _buffer(dataset))


def _shown(dataset: Dataset, raw: Image.Image) -> list[int]:
    """Return the grey that each stored pattern is shown with, by the object's first window.

    Bits beyond those in use are left aside: old overlays hide there.
    """
    stored = int(dataset.BitsStored)
    shift = int(dataset.get("HighBit", stored - 1)) + 1 - stored
    values = [
        _value(pattern >> shift, stored, is_signed=bool(dataset.PixelRepresentation))
        for pattern in range(256 if raw.mode == "L" else 65_536)
    ]
    low, high = _window(dataset) or _range_of(raw, values)
    scale = 255.0 / (high - low) if high > low else 0.0
    shown = [min(max(round((value - low) * scale), 0), 255) for value in values]
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = [255 - grey for grey in shown]
    return shown


def _value(pattern: int, stored: int, *, is_signed: bool) -> int:
    value = pattern & ((1 << stored) - 1)
    return value - (1 << stored) if is_signed and value >> (stored - 1) else value


def _window(dataset: Dataset) -> tuple[float, float] | None:
    """Return the stored values shown as black and as white by the first window (PS3.3 C.11.2)."""
    center, width = (_first(dataset.get(name)) for name in ("WindowCenter", "WindowWidth"))
    if center is None or width is None or width <= 0:
        return None
    slope = _first(dataset.get("RescaleSlope")) or 1.0
    intercept = _first(dataset.get("RescaleIntercept")) or 0.0
    ends = ((center - width / 2 - intercept) / slope, (center + width / 2 - intercept) / slope)
    return min(ends), max(ends)


def _first(value: Any) -> float | None:  # noqa: ANN401 - as pydicom has it
    if value is None or value == "":
        return None
    return float(value[0] if not isinstance(value, (int, float)) and len(value) else value)


def _range_of(raw: Image.Image, values: list[int]) -> tuple[float, float]:
    data = raw.tobytes()
    patterns = set(data) if raw.mode == "L" else set(memoryview(data).cast("H"))
    found = [values[pattern] for pattern in patterns]
    return float(min(found)), float(max(found))


def _coloured(dataset: Dataset) -> Image.Image:
    syntax = dataset.file_meta.TransferSyntaxUID
    if dataset.BitsAllocated != 8 or dataset.SamplesPerPixel != 3:
        raise _not_read(f"{dataset.BitsAllocated} bits a colour")
    if syntax in _BY_PILLOW:
        if dataset.PhotometricInterpretation not in _DECODED_COLOUR:
            raise _not_read(f"the colours {dataset.PhotometricInterpretation}")
        return _by_pillow(dataset).convert("RGB")
    mode = _COLOUR.get(dataset.PhotometricInterpretation)
    if mode is None:
        raise _not_read(f"the colours {dataset.PhotometricInterpretation}")
    size = (int(dataset.Columns), int(dataset.Rows))
    data = _buffer(dataset)
    # pydicom's own decoder lays the colours of run lengths out one after the other.
    if syntax == _RLE or dataset.get("PlanarConfiguration") == 1:
        plane = size[0] * size[1]
        planes = [data[start : start + plane] for start in range(0, 3 * plane, plane)]
        picture = Image.merge(mode, [Image.frombytes("L", size, one) for one in planes])
    else:
        picture = Image.frombytes(mode, size, data[: 3 * size[0] * size[1]])
    return picture.convert("RGB")


def _buffer(dataset: Dataset) -> bytes:
    from pydicom.pixels.decoders.base import get_decoder

    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax not in _BY_PYDICOM:
        raise _not_read(syntax.name)
    return bytes(get_decoder(syntax).as_buffer(dataset, index=0)[0])


def _by_pillow(dataset: Dataset) -> Image.Image:
    from pydicom.encaps import get_frame

    form = _BY_PILLOW[dataset.file_meta.TransferSyntaxUID]
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    picture = Image.open(io.BytesIO(frame), formats=(form,))
    if picture.width * picture.height > STORED_PIXELS_MAX:
        raise CannotCleanError("the picture is too large")
    picture.load()
    return picture


def _not_read(what: str) -> CannotCleanError:
    return CannotCleanError(f"DICOM with {what} is not read here")
