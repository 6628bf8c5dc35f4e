"""The parts of a task's output that are signed off one by one, and what is left to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careflow.ai.draft import Draft

Json = dict[str, Any]
_EVIDENCE = frozenset(
    {
        "back_translation",
        "checks",
        "citations",
        "claims",
        "interval",
        "kind",
        "limits",
        "model_card",
        "pages",
        "score",
        "scores",
        "segments",
        "spans",
    }
)
"""Fields that tell what an output rests on: looked at with the parts, not signed themselves."""


def parts_of(output: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the places of the parts: ``sections.plan``, or a field such as ``goals``.

    An output that found nothing still says so, and that is signed too.
    """
    sections = output.get("sections")
    if isinstance(sections, Mapping):
        return tuple(f"sections.{name}" for name in sections)
    said = [name for name in output if name not in _EVIDENCE]
    filled = [name for name in said if output[name] not in (None, "", [], {}, ())]
    return tuple(filled or said[:1])


def part_at(place: str, parts: tuple[str, ...]) -> str | None:
    """Return the part in which a place lies, if it lies in one."""
    return next(
        (one for one in parts if place == one or place.startswith((f"{one}.", f"{one}["))), None
    )


def value_at(output: Mapping[str, Any], part: str) -> Any:  # noqa: ANN401 - JSON
    """Return what stands at a part."""
    found: Any = output
    for name in part.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def unsettled(draft: Draft[Json], part: str | None = None) -> int:
    """Return how many findings are left to settle, in a part or altogether."""
    parts = parts_of(draft.output)
    return sum(
        part is None or part_at(one.place, parts) == part
        for number, one in enumerate(draft.findings)
        if number not in draft.settled
    )


def left_of(draft: Draft[Json]) -> str | None:
    """Return what is left to do before it may be signed, ``None`` if nothing is."""
    open_ = unsettled(draft)
    if open_:
        return f"{open_} finding{'s are' if open_ > 1 else ' is'} not settled"
    done = {one.part for one in draft.signed_off}
    missing = [one for one in parts_of(draft.output) if one not in done]
    named = ", ".join(one.rpartition(".")[2].replace("_", " ") for one in missing)
    return f"not signed off: {named}" if missing else None
