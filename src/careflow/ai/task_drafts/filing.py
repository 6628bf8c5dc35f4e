"""What signing a task's draft writes to a chart: the words as a document, and where they come from.

Only :class:`Accepted` gets in here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from careflow.ai.asking import task_named
from careflow.ai.draft import Accepted, Draft
from careflow.clock import instant_text
from careflow.records.elements import LOINC
from careflow.records.originals import signer_of

Json = dict[str, Any]
_PART = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_FILED: Mapping[str, tuple[str, str]] = {
    "appointment-summary": ("34109-9", "Note"),
    "treatment-plan": ("18776-5", "Plan of care note"),
    "translation": ("51897-7", "Healthcare communication"),
}
"""Tasks whose drafts become documents, and the LOINC code of each kind of document."""


def document_of(accepted: Accepted[Json], *, id: str, at: datetime) -> Json | None:
    """Return what was signed as a DocumentReference; ``None`` for tasks that leave none."""
    draft = accepted.draft
    if draft.task not in _FILED or draft.patient_id is None:
        return None
    code, display = _FILED[draft.task]
    title = task_named(draft.task).title
    content = base64.b64encode(words_of(accepted.output).encode()).decode("ascii")
    attachment = {"contentType": "text/plain; charset=utf-8", "data": content, "title": title}
    return {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display},
        "subject": {"reference": f"Patient/{draft.patient_id}"},
        "date": instant_text(at),
        "authenticator": signer_of(accepted.by),
        "description": title,
        "content": [{"attachment": attachment}],
    }


def kind_filed(draft: Draft[Any]) -> str | None:
    """Return what kind of document signing writes to the chart, ``None`` if it writes none."""
    if draft.task not in _FILED or draft.patient_id is None:
        return None
    return _FILED[draft.task][1]


def provenance_of(accepted: Accepted[Json], document: Json, *, id: str, at: datetime) -> Json:
    """Return who vouches for a document, what put it together, and from which resources."""
    made_by = accepted.draft.made_by
    machine = {"display": f"{made_by.model} on engine {made_by.engine}, prompt {made_by.prompt}"}
    sources = [one for one in accepted.draft.inputs if "/" in one and ":" not in one]
    provenance: Json = {
        "resourceType": "Provenance",
        "id": id,
        "target": [{"reference": f"DocumentReference/{document['id']}"}],
        "recorded": instant_text(at),
        "agent": [_agent("verifier", signer_of(accepted.by)), _agent("assembler", machine)],
    }
    if sources:
        provenance["entity"] = [
            {"role": "source", "what": {"reference": source}} for source in sources[:100]
        ]
    return provenance


def words_of(output: Mapping[str, Any]) -> str:
    """Return an output as a person reads it: titles and lines."""
    lines: list[str] = []
    for name, value in output.items():
        if name in {"claims", "checks", "back_translation"} or value in (None, [], {}, ()):
            continue
        if name == "sections" and isinstance(value, Mapping):
            lines += [f"{title.capitalize()}\n{text}" for title, text in value.items()]
        elif isinstance(value, list):
            items = "\n".join(f"- {one}" for one in value)
            lines.append(f"{name.replace('_', ' ').capitalize()}\n{items}")
        else:
            lines.append(str(value))
    return "\n\n".join(lines)


def _agent(part: str, who: Json) -> Json:
    return {"type": {"coding": [{"system": _PART, "code": part}]}, "who": who}
