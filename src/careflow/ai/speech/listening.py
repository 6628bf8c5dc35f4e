"""``audio-transcription`` on this machine, by a Whisper model that the operator has put here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import msgspec

from careflow.ai.apart import DiedError, Limits, TookTooLongError, said_by
from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.speech.worker import Answer as HeardAnswer
from careflow.ai.speech.worker import Order
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.media import Spoken, Transcript

_WORKER = "careflow.ai.speech.worker"
_NEEDED = ("ctranslate2", "miniaudio", "numpy")
_FILES = ("model.bin", "config.json")
LIMITS = Limits(memory_bytes=4_000_000_000, timeout_s=1800.0)
"""A large model takes 1.6 GB; an hour of speech by a small one takes some minutes."""
SECONDS_MAX = 2 * 3600.0


def why_deaf(model: Path | None) -> str | None:
    """Return why recordings cannot be written down here, or ``None`` if they can."""
    if any(find_spec(name) is None for name in _NEEDED):
        return "what listens to recordings (careflow[asr]) is not installed"
    if model is None:
        return "CAREFLOW_WHISPER_MODEL names no folder with a Whisper model"
    if not all((model / name).is_file() for name in _FILES):
        return "the folder of CAREFLOW_WHISPER_MODEL holds no Whisper model for CTranslate2"
    return None


@dataclass(frozen=True, slots=True)
class Listener:
    """A method of the local engine; call it in a thread.

    Attributes:
        model: A folder with a Whisper model in CTranslate2's form.
    """

    model: Path
    limits: Limits = LIMITS

    def __call__(self, given: Given) -> Answer[Transcript]:
        """Write a recording down.

        Raises:
            AbstainedError: It cannot be decoded, took too long, or nobody speaks in it.
        """
        if given.file is None or not given.file.media_type.startswith("audio/"):
            raise AbstainedError("Only recordings of sound can be written down.")
        heard = self._heard(given.file.content)
        if heard.refusal:
            raise AbstainedError(f"This cannot be written down: {heard.refusal}.")
        if not heard.words:
            raise AbstainedError("Nobody is heard speaking in this recording.")
        said = tuple(
            Spoken(start_s=one.start_s, end_s=one.end_s, text=one.text) for one in heard.words
        )
        transcript = Transcript(segments=said, text=" ".join(one.text for one in said))
        return Answer(
            transcript,
            Maker(engine="local", model=self.model_name, prompt="audio-transcription/1"),
            (Source(f"file:{given.file.key}"),),
            {"seconds": round(said[-1].end_s)},
        )

    @property
    def model_name(self) -> str:
        """Return the model by what it is, whatever its folder is called."""
        config = (self.model / "config.json").read_bytes()
        size = (self.model / "model.bin").stat().st_size
        digest = hashlib.sha256(config + str(size).encode()).hexdigest()[:12]
        return f"whisper/{digest}"

    def _heard(self, content: bytes) -> HeardAnswer:
        order = Order(
            str(self.model.resolve()),
            SECONDS_MAX,
            self.limits.memory_bytes,
            self.limits.processor_s,
        )
        try:
            said = said_by(
                _WORKER, msgspec.json.encode(order), content, timeout_s=self.limits.timeout_s
            )
        except TookTooLongError as error:
            raise AbstainedError("Writing the recording down took too long.") from error
        except DiedError as error:
            raise AbstainedError("The recording could not be written down.") from error
        return msgspec.json.decode(said, type=HeardAnswer)
