"""Sound files as what Whisper listens to: loudness by pitch, a hundred times a second.

The numbers are those that Whisper was trained with (Radford et al., Robust Speech Recognition via
Large-Scale Weak Supervision, 2022, section 2.2; pitch after Slaney's Auditory Toolbox, 1998).
"""

from __future__ import annotations

from typing import Any

import miniaudio
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 16_000
WINDOW_S = 30
_FRAME = 400
_HOP = 160
_QUIET = 1e-10
_RANGE_DECADES = 8.0


class NoSoundError(ValueError):
    """The file is no recording that can be decoded."""


def samples_of(content: bytes, *, seconds_max: float) -> Samples:
    """Return a recording (WAV, FLAC, MP3, Ogg Vorbis) as one channel at 16 kHz.

    Raises:
        NoSoundError: It is none of these, damaged, empty or longer than it may be.
    """
    try:
        decoded = miniaudio.decode(
            content, miniaudio.SampleFormat.FLOAT32, nchannels=1, sample_rate=RATE_HZ
        )
    except (miniaudio.MiniaudioError, MemoryError) as error:
        raise NoSoundError("the recording is damaged or of a kind that is not read") from error
    samples = np.frombuffer(decoded.samples, dtype=np.float32)
    if not len(samples):
        raise NoSoundError("the recording is empty")
    if len(samples) > seconds_max * RATE_HZ:
        raise NoSoundError("the recording is too long")
    return np.nan_to_num(samples)


def spectrogram(window: Samples, bands: int) -> NDArray[np.float32]:
    """Return 30 seconds as ``bands`` x 3000; what is shorter is followed by silence."""
    padded = np.zeros(WINDOW_S * RATE_HZ, dtype=np.float32)
    padded[: len(window)] = window[: len(padded)]
    framed = np.lib.stride_tricks.sliding_window_view(
        np.pad(padded, _FRAME // 2, mode="reflect"), _FRAME
    )[::_HOP][:-1]
    hann = np.hanning(_FRAME + 1)[:-1]
    power = np.abs(np.fft.rfft(framed * hann, axis=1)) ** 2
    loud = np.log10(np.maximum(_bands(bands) @ power.T, _QUIET))
    shown: Any = (np.maximum(loud, loud.max() - _RANGE_DECADES) + 4.0) / 4.0
    return np.ascontiguousarray(shown, dtype=np.float32)


def _bands(count: int) -> NDArray[np.float64]:
    """Return triangles over the pitches, of equal area, evenly spaced as the ear hears them."""
    pitches = np.fft.rfftfreq(_FRAME, 1.0 / RATE_HZ)
    edges = _hertz(np.linspace(0.0, _mel(RATE_HZ / 2), count + 2))
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (pitches - low) / (middle - low), (high - pitches) / (high - middle)
    triangles: NDArray[np.float64] = np.maximum(0.0, np.minimum(rising, falling))
    return triangles * (2.0 / (high - low))


_LINEAR_HZ = 200.0 / 3
_BEND_HZ = 1000.0
_BEND_MEL = _BEND_HZ / _LINEAR_HZ
_STEP = float(np.log(6.4)) / 27.0


def _mel(hertz: float) -> float:
    if hertz < _BEND_HZ:
        return hertz / _LINEAR_HZ
    return _BEND_MEL + float(np.log(hertz / _BEND_HZ)) / _STEP


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    bent: NDArray[np.float64] = _BEND_HZ * np.exp(_STEP * (mel - _BEND_MEL))
    return np.where(mel < _BEND_MEL, mel * _LINEAR_HZ, bent)
