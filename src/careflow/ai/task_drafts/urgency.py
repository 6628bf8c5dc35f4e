"""How soon a person should look at a draft, by what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Urgency = Literal["now", "soon", "usual"]
ORDER: Mapping[Urgency, int] = {"now": 0, "soon": 1, "usual": 2}

_NOW_IF_ANY = ("red_flags", "allergy_alerts", "critical", "escalation")
"""Fields that stay empty unless someone may come to harm."""
_LEVELS: Mapping[str, Urgency] = {
    "emergency": "now",
    "urgent": "soon",
    "contraindicated": "now",
    "major": "soon",
    "CRITICAL_LOW": "now",
    "CRITICAL_HIGH": "now",
}
_GRADED = (("interactions", "severity"), ("rows", "flag"))


def urgency_of(output: Mapping[str, Any]) -> Urgency:
    """Return how soon; what says nothing of it is as usual."""
    if any(output.get(name) for name in _NOW_IF_ANY):
        return "now"
    said = [str(output.get("level"))]
    for name, grade in _GRADED:
        lines = output.get(name)
        if isinstance(lines, list):
            said += [str(one.get(grade)) for one in lines if isinstance(one, dict)]
    found = [_LEVELS[one] for one in said if one in _LEVELS]
    return min(found, key=lambda one: ORDER[one], default="usual")
