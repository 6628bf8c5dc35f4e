"""What scheduling notes in an Appointment of how far a visit is, as screens read it."""

from __future__ import annotations

from typing import Final

from careflow.records.elements import Json

VISIT: Final = "urn:careflow:visit"
"""The extension that carries what FHIR R4's Appointment has no place for."""

_OF_STATUS: Final = {
    "requested": ("proposed", "pending"),
    "booked": ("booked",),
    "confirmed": ("booked",),
    "arrived": ("arrived",),
    "roomed": ("checked-in",),
    "with-clinician": ("checked-in",),
    "done": ("fulfilled",),
}


def noted_in(appointment: Json) -> dict[str, str]:
    """Return what our extension says, as text."""
    ours = [e for e in appointment.get("extension", ()) if e.get("url") == VISIT]
    return {
        one["url"]: str(value)
        for one in (ours[0].get("extension", ()) if ours else ())
        if (value := one.get("valueString", one.get("valueInteger"))) is not None
    }


def stage_noted(appointment: Json) -> str | None:
    """Return the stage that is noted, unless the status has gone on without it."""
    stage = noted_in(appointment).get("stage", "")
    return stage if appointment.get("status") in _OF_STATUS.get(stage, ()) else None


def stages_alone(appointment: Json) -> list[Json]:
    """Return our extension with the stage, its times, the room and the mark of a squeeze alone."""
    kept = [
        {"url": name, "valueString": "" if name == "squeezed" else value}
        for name, value in noted_in(appointment).items()
        if name in {"stage", "room", "room-name", "squeezed"} or name.startswith("at-")
    ]
    return [{"url": VISIT, "extension": kept}] if kept else []
