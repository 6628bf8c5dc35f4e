"""``image-analysis``, ``audio-transcription``, ``video-analysis``: what is seen and heard."""

from __future__ import annotations

from careflow.ai.task import FileInput, Task, TaskOutput


class ImageFinding(TaskOutput, frozen=True, kw_only=True):
    """One thing that is seen; ``box`` as fractions of the picture."""

    name: str
    confidence: float
    box: tuple[float, float, float, float] | None = None


class ImageAnalysis(TaskOutput, frozen=True, kw_only=True):
    """What is seen, and what the picture cannot tell."""

    findings: tuple[ImageFinding, ...]
    limits: tuple[str, ...] = ()


class Spoken(TaskOutput, frozen=True, kw_only=True):
    """Words between two instants of a recording, in seconds."""

    start_s: float
    end_s: float
    text: str


class Transcript(TaskOutput, frozen=True, kw_only=True):
    """A recording in words."""

    segments: tuple[Spoken, ...]
    text: str


class Scene(TaskOutput, frozen=True, kw_only=True):
    """What happens between two instants of a film, in seconds."""

    start_s: float
    end_s: float
    description: str


class VideoAnalysis(TaskOutput, frozen=True, kw_only=True):
    """A film, scene by scene."""

    scenes: tuple[Scene, ...]


IMAGE_ANALYSIS: Task[ImageAnalysis] = Task(
    name="image-analysis",
    title="Say what a picture shows",
    version="1",
    input=FileInput,
    output=ImageAnalysis,
    is_device=True,
)

AUDIO_TRANSCRIPTION: Task[Transcript] = Task(
    name="audio-transcription",
    title="Write down a recording",
    version="1",
    input=FileInput,
    output=Transcript,
)

VIDEO_ANALYSIS: Task[VideoAnalysis] = Task(
    name="video-analysis",
    title="Say what a film shows",
    version="1",
    input=FileInput,
    output=VideoAnalysis,
    is_device=True,
)
