"""Runs every prompt against the stand-in and writes what each was evaluated with.

    python -m tools.evaluate_prompts

What the stand-in shows is that prompt and form fit together, not how good a model answers; the
page says so. A changed prompt fails the tests until this has run again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from careflow import clock
from careflow.ai.asking import TASKS
from careflow.ai.prompt import prompt_of

TARGET = Path(__file__).resolve().parent.parent / "src/careflow/ai/prompts/evaluated.toml"
_NOTE = """\
# Which words of each prompt were last evaluated, when, and with what.
# Written by tools/evaluate_prompts.py; a prompt whose digest is not here fails the tests.
"""


def main() -> int:
    """Run the forms of all tasks; write the digests if they hold."""
    tests = ["tests/ai/test_prompted.py", "-k", "every_task_is_answered"]
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], check=False)
    if ran.returncode:
        return ran.returncode
    today = clock.now().date().isoformat()
    names = [name for name in TASKS if name != "prediction"]
    lines = [
        f'[{name}]\ndigest = "{prompt_of(name).version.partition("/")[2]}"\n'
        f'on = "{today}"\nwith = "the stand-in: form only"\n'
        for name in names
    ]
    TARGET.write_text(_NOTE + "\n" + "\n".join(lines), encoding="utf-8")
    print(f"{len(names)} prompts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
