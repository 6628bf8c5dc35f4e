"""The command ``careflow``."""

from __future__ import annotations

import sys

from careflow.cli.command import careflow
from careflow.cli.failures import run_command


def main() -> None:
    """Run the command line; bad input ends with one sentence and exit code 2."""
    sys.exit(run_command(careflow))


if __name__ == "__main__":
    main()
