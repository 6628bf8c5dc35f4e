"""What every answer for a patient carries: who wrote it, and how to reach a person."""

from __future__ import annotations

from typing import Any

from careflow.ai.guard.language import language_of
from careflow.ai.task import Given, Task

_NOTICE = {
    "en": (
        "This was written by an AI program and was not reviewed by a person. To reach a person,"
        " call or message {clinic}. In an emergency call 911; in a mental-health crisis call or"
        " text 988."
    ),
    "es": (
        "Esto lo escribió un programa de inteligencia artificial y ninguna persona lo revisó."
        " Para hablar con una persona, llame o escriba a {clinic}. En una emergencia llame al 911;"
        " en una crisis de salud mental llame o envíe un mensaje al 988."
    ),
}
_CLINIC = {"en": "the clinic", "es": "la clínica"}


def notice_of(task: Task[Any], given: Given, *, clinic: str = "") -> str | None:
    """Return the notice for an answer that a patient reads; no model writes or sees it."""
    if task.audience != "patient":
        return None
    said = getattr(given.asked, "language", None) or language_of(_words(given)) or "en"
    language = "es" if said.startswith("es") else "en"
    return _NOTICE[language].format(clinic=clinic or _CLINIC[language])


def _words(given: Given) -> str:
    messages = getattr(given.asked, "messages", ())
    return given.text or " ".join(one.text for one in messages if one.role == "patient")
