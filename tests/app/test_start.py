"""What a start loads: little, and nothing that only a later request or another setting needs."""

from __future__ import annotations

import json
import subprocess
import sys

MODULES_MAX = 1_200
LATER = frozenset({"bson", "jwt", "numpy", "pymongo", "pypdfium2"})
"""Another database's driver, the makers of tokens, the readers of papers."""

_START = """
import json, sys
import careflow.cli.running
print(json.dumps(sorted(sys.modules)))
"""


def test_a_start_keeps_to_its_modules() -> None:
    run = subprocess.run([sys.executable, "-c", _START], check=True, capture_output=True)
    loaded: list[str] = json.loads(run.stdout)

    assert {name.partition(".")[0] for name in loaded} & LATER == set()
    assert len(loaded) <= MODULES_MAX
