"""Whisper, as CTranslate2 runs it: thirty seconds at a time, in words with their instants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np

from careflow.ai.speech.sound import RATE_HZ, WINDOW_S, Samples, spectrogram

_BEAM = 5
_INSTANT = re.compile(r"<\|(\d+\.\d\d)\|>")
_SPECIAL = re.compile(r"<\|.*\|>")
_SILENT = 0.6
_UNSURE = -1.0
"""Above this chance of silence and below this mean log-probability of its words, nothing was said
(the thresholds of Whisper's authors)."""
_STEP_MIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Heard:
    """Words between two instants, in seconds from the start."""

    start_s: float
    end_s: float
    text: str


def heard_in(samples: Samples, folder: Path) -> Iterator[Heard]:
    """Yield what is said in a recording, in order, by the model in a folder."""
    model = ctranslate2.models.Whisper(
        str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
    )
    length_s = len(samples) / RATE_HZ
    at_s = 0.0
    while at_s < length_s:
        begin = int(at_s * RATE_HZ)
        window = samples[begin : begin + WINDOW_S * RATE_HZ]
        segments, next_s = _segments(_said(model, window), len(window) / RATE_HZ)
        yield from (
            Heard(round(at_s + one.start_s, 2), round(at_s + one.end_s, 2), one.text)
            for one in segments
        )
        at_s += max(next_s, _STEP_MIN_S)


def _said(model: Any, window: Samples) -> list[str]:  # noqa: ANN401 - ctranslate2 has no types
    shown = ctranslate2.StorageView.from_array(np.expand_dims(spectrogram(window, model.n_mels), 0))
    result = model.generate(
        shown,
        [_prompt(model, shown)],
        beam_size=_BEAM,
        return_scores=True,
        return_no_speech_prob=True,
    )[0]
    if result.no_speech_prob > _SILENT and result.scores[0] < _UNSURE:
        return []
    tokens: list[str] = result.sequences[0]
    return tokens


def _prompt(model: Any, shown: Any) -> list[str]:  # noqa: ANN401
    if not model.is_multilingual:
        return ["<|startoftranscript|>"]
    language = model.detect_language(shown)[0][0][0]
    return ["<|startoftranscript|>", language, "<|transcribe|>"]


def _segments(tokens: list[str], length_s: float) -> tuple[list[Heard], float]:
    """Return what was said and how far into the window the next one begins.

    What the window's end cuts off has no closing instant; the next window begins there.
    """
    segments: list[Heard] = []
    start, words = 0.0, list[str]()
    for token in tokens:
        instant = _INSTANT.fullmatch(token)
        if instant is None:
            words += [] if _SPECIAL.fullmatch(token) else [token]
            continue
        if text := _text(words):
            segments.append(Heard(start, min(float(instant[1]), length_s), text))
        start, words = float(instant[1]), []
    if not (text := _text(words)):
        ended = segments[-1].end_s if segments and length_s >= WINDOW_S else length_s
        return segments, ended
    if length_s < WINDOW_S or start <= 0.0:
        return [*segments, Heard(start, length_s, text)], length_s
    return segments, start


def _text(tokens: list[str]) -> str:
    letters = "".join(tokens)
    return bytes(_BYTES[one] for one in letters if one in _BYTES).decode("utf-8", "replace").strip()


def _byte_letters() -> dict[str, int]:
    """Return the letter that stands for each byte in GPT-2's vocabulary, the other way round.

    Bytes that print stand for themselves; the others are letters from U+0100 on.
    """
    prints = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in prints]
    return {chr(byte): byte for byte in prints} | {
        chr(0x100 + number): byte for number, byte in enumerate(others)
    }


_BYTES = _byte_letters()
