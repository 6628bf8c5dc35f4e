"""Builds the web application into the package, unless the one there is of the same sources.

Runs as a hatch build hook and as ``python hatch_build.py``. A wheel therefore always carries the
application, and a stale one is never served: the hash of the sources is written into the build and
compared. Set ``CAREFLOW_TEST_SKIP_WEB`` to go on without (API-only tests).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # Run by hand, outside a build environment.
    BuildHookInterface = object  # type: ignore[assignment,misc]

NODE_AT_LEAST = (20, 19)
HASH_FILE = ".sources-sha256"
SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts")


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes sure that the package holds the web application."""

    def initialize(  # type: ignore[explicit-override]
        self,
        version: str,  # noqa: ARG002 - hatchling's signature
        build_data: dict[str, Any],  # noqa: ARG002
    ) -> None:
        """Build before the wheel's files are gathered."""
        build_web(Path(self.root))


def build_web(root: Path) -> None:
    """Build ``web/`` into ``src/careflow/web`` if it is missing there or of other sources."""
    web, target = root / "web", root / "src" / "careflow" / "web"
    built = target / "index.html"
    if built.is_file() and (not web.is_dir() or _built_hash(target) == sources_hash(web)):
        return
    if os.environ.get("CAREFLOW_TEST_SKIP_WEB"):
        return
    if not web.is_dir():
        _stop("the web application is neither built nor here as source")
    npm = _npm()
    _run([npm, "ci", "--no-audit", "--no-fund"], web)
    _run([npm, "run", "build"], web)
    if not (web / "dist" / "index.html").is_file():
        _stop("the build of the web application left no index.html")
    _replace(web / "dist", target, sources_hash(web))


def sources_hash(web: Path) -> str:
    """Return a hash over every file that decides what the build contains."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = web / name
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(web)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _built_hash(target: Path) -> str | None:
    file = target / HASH_FILE
    return file.read_text(encoding="ascii").strip() if file.is_file() else None


def _replace(built: Path, target: Path, digest: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(built, target)
    (target / HASH_FILE).write_text(digest + "\n", encoding="ascii")


def _npm() -> str:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        _stop("building the web application needs Node 20.19 or newer and npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    parts = tuple(int(part) for part in version.stdout.strip().lstrip("v").split(".")[:2])
    if parts < NODE_AT_LEAST:
        _stop(f"building the web application needs Node 20.19 or newer; this is {version.stdout}")
    return npm


def _run(command: list[str], folder: Path) -> None:
    if subprocess.run(command, cwd=folder, check=False).returncode != 0:
        _stop(f"{' '.join(command[1:])} failed in {folder.name}/")


def _stop(reason: str) -> NoReturn:
    sys.exit(f"careflow: {reason}.")


if __name__ == "__main__":
    build_web(Path(__file__).resolve().parent)
