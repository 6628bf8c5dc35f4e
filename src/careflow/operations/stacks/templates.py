"""Templates of CloudFormation as plain data: read, listed, compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careflow.operations.stacks.refusals import DescriptionError

Template = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One part of a template."""

    id: str
    type: str
    properties: dict[str, Any]


def resources(template: Template) -> Iterator[Resource]:
    """Return the parts of a template, in order of their names."""
    for id, raw in sorted(template.get("Resources", {}).items()):
        yield Resource(id, raw["Type"], raw.get("Properties", {}))


def read_templates(folder: Path) -> dict[str, Template]:
    """Read every template of a folder, by stack; refuse a folder that holds none."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            raw = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise DescriptionError(f"{path} is not a template: {error}.") from error
        if isinstance(raw, dict) and isinstance(raw.get("TemplateBody"), dict):
            raw = raw["TemplateBody"]  # as aws cloudformation get-template writes it
        if not isinstance(raw, dict) or "Resources" not in raw:
            raise DescriptionError(f"{path} is not a template: it has no Resources.")
        found[path.stem] = raw
    if not found:
        raise DescriptionError(f"{folder} holds no template: name a folder that eject wrote.")
    return found
