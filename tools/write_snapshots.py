"""Writes the templates of every architecture anew: ``python -m tools.write_snapshots``.

They lie in ``infra/snapshots``, one part a line, so that one changed part is one line. What a box
is told at its first start is left out: it is the host's, and tested there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from careflow.operations.stacks.synthesis import synthesize
from careflow.operations.stacks.templates import Template
from careflow.planner.architectures import ARCHITECTURES

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "infra" / "example.toml"
SNAPSHOTS = ROOT / "infra" / "snapshots"
PYTHON = ROOT / ".test-servers" / "infra" / "bin" / "python"
DEPLOYED = tuple(one.name for one in ARCHITECTURES if one.deploys)


def snapshot_text(template: Template) -> str:
    """Return a template as JSON with one part a line."""
    parts = _without_first_start(template["Resources"])
    lines = [
        f"  {json.dumps(id)}: {json.dumps(parts[id], sort_keys=True, ensure_ascii=False)}"
        for id in sorted(parts)
    ]
    rest = {name: value for name, value in template.items() if name != "Resources"}
    head = json.dumps(rest, sort_keys=True, ensure_ascii=False)[1:-1]
    return (
        "{" + (head + ",\n" if head else "") + ' "Resources": {\n' + ",\n".join(lines) + "\n }}\n"
    )


def _without_first_start(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_without_first_start(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: "…" if name == "UserData" else _without_first_start(one)
        for name, one in value.items()
    }


def main() -> None:
    """Synthesize all, and write each stack."""
    made = synthesize(EXAMPLE, DEPLOYED, python=PYTHON, check=False)
    for name, one in made.items():
        folder = SNAPSHOTS / name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.json"):
            old.unlink()
        for stack, template in one.templates.items():
            (folder / f"{stack}.json").write_text(snapshot_text(template), "utf-8")


if __name__ == "__main__":
    main()
