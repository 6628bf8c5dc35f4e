"""Packs a release: every wheel of the lock for hosts and our own, with the web in it, as one file.

    python -m tools.build_release build/careflow.tar.gz

Prints the digest that a host is told. The same wheels make the same bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from careflow.operations.host.bundle import bundle_of, digest_of

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "host.txt"
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
_SAME_TIME = {"SOURCE_DATE_EPOCH": "315532800"}


def main() -> None:
    """Build and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    to: Path = parser.parse_args().bundle
    with tempfile.TemporaryDirectory() as name:
        wheels = Path(name)
        locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
        subprocess.run([*_PIP, "download", "--dest", name, *locked], check=True)
        ours = [*_PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", name, str(ROOT)]
        subprocess.run(["env", *(f"{k}={v}" for k, v in _SAME_TIME.items()), *ours], check=True)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(bundle_of(wheels.glob("*.whl")))
    print(digest_of(to))


if __name__ == "__main__":
    main()
