"""Packs the function for AWS Lambda, and prints what AWS is told of it.

    python -m tools.build_lambda zip build/function.zip [--machine arm64]
    python -m tools.build_lambda folder build/function     # and build/Containerfile beside it
    python -m tools.build_lambda policies ARN

The zip holds the handler, every module it can reach (also those loaded late), their data, and one
library. The same sources make the same bytes, so that its digest tells what runs.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.lambda_recipes import (
    HANDLER,
    PYTHON,
    containerfile,
    execution_policy,
    invoke_policy,
    trust_policy,
)

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
LOCK = ROOT / "requirements" / "runtime.txt"
LIBRARIES = {"msgspec": "msgspec", "typing-extensions": "typing_extensions.py"}
"""What the handler needs, and where it lies once it is installed."""
ZIP_BYTES_MAX, UNPACKED_BYTES_MAX = 50 * 1024 * 1024, 250 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}
_PAGES = SOURCES / "careflow" / "web"
"""What browsers load, where it is built; a function answers none."""
Files = Mapping[str, bytes]


def files_of(libraries: Path) -> Files:
    """Return every file of the function by its name in the zip.

    Args:
        libraries: A folder in which the libraries are installed.
    """
    found: dict[str, bytes] = {}
    folders = set()
    for path in reached(HANDLER.rpartition(".")[0]):
        found[path.relative_to(SOURCES).as_posix()] = path.read_bytes()
        folders.add(path.parent)
    for folder in sorted(folders):
        for path in _data_of(folder, folders):
            found[path.relative_to(SOURCES).as_posix()] = path.read_bytes()
    for name in ("LICENSE", "NOTICE"):
        found[f"careflow/{name}"] = (ROOT / name).read_bytes()
    for place in LIBRARIES.values():
        for path in _library(libraries / place):
            found[path.relative_to(libraries).as_posix()] = path.read_bytes()
    for path in _licences(libraries):
        found[path.relative_to(libraries).as_posix()] = path.read_bytes()
    return dict(sorted(found.items()))


def packed(files: Files, target: Path) -> str:
    """Write the zip; return its digest as the function's settings show it (``CodeSha256``)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            out.writestr(entry, content)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def unpacked(files: Files, target: Path) -> None:
    """Write the files into a folder, and the container's recipe beside it."""
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    target.with_name("Containerfile").write_text(containerfile(target.name), encoding="utf-8")


# --- what is in it -------------------------------------------------------------------------


def reached(module: str) -> list[Path]:
    """Return the files of every module of ours that a module can reach, in order."""
    seen: dict[str, Path] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        path = _file_of(name)
        if path is None or name in seen:
            continue
        seen[name] = path
        parent = name.rpartition(".")[0]
        todo += [parent] if parent else []
        todo += _imported(path)
    return [seen[name] for name in sorted(seen)]


def _file_of(name: str) -> Path | None:
    base = SOURCES.joinpath(*name.split("."))
    return next(
        (one for one in (base / "__init__.py", base.with_suffix(".py")) if one.exists()), None
    )


def _imported(path: Path) -> Iterator[str]:
    """Yield what a module imports when it runs, wherever in it that stands."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        inner
        for one in ast.walk(tree)
        if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.dump(one.test)
        for inner in ast.walk(one)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _data_of(folder: Path, packages: set[Path]) -> Iterator[Path]:
    """Yield the files of a package that are no modules; those of its packages are their own."""
    for path in sorted(folder.iterdir()):
        if path == _PAGES:
            continue
        if path.is_dir() and path not in packages and not (path / "__init__.py").exists():
            yield from _data_of(path, packages)
        elif path.is_file() and path.suffix not in {".py", ".pyc"}:
            yield path


def _library(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".so"}:
            yield path


def _licences(libraries: Path) -> Iterator[Path]:
    for name in LIBRARIES:
        for home in libraries.glob(f"{name.replace('-', '_')}-*.dist-info"):
            yield from (one for one in home.rglob("LICENSE*") if one.is_file())


# --- the libraries -------------------------------------------------------------------------


def locked(lock: str) -> str:
    """Return the lines of a lock that pin the libraries, with their hashes."""
    blocks = re.findall(r"^\S+==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    wanted = [block for block in blocks if block.partition("==")[0] in LIBRARIES]
    if len(wanted) != len(LIBRARIES):
        msg = f"the lock does not pin {', '.join(LIBRARIES)}"
        raise ValueError(msg)
    return "".join(wanted)


def install(folder: Path, machine: str) -> None:
    """Install the libraries for the function's machine, checked against the lock."""
    pinned = folder / "requirements.txt"
    pinned.write_text(locked(LOCK.read_text("utf-8")), encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder)),
            *("--python-platform", _PLATFORMS[machine], "--python-version", PYTHON),
            *("--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(pinned)),
        ],
        check=True,
    )


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("zip", "folder"):
        made = verbs.add_parser(verb)
        made.add_argument("target", type=Path)
        made.add_argument("--machine", choices=_PLATFORMS, default="arm64")
    verbs.add_parser("policies").add_argument("arn")
    arguments = parser.parse_args()
    if arguments.verb == "policies":
        told = {
            "asking machine": invoke_policy(arguments.arn),
            "function": execution_policy(arguments.arn),
            "function trust": trust_policy(),
        }
        print(json.dumps(told, indent=2))
        return
    with tempfile.TemporaryDirectory() as folder:
        install(Path(folder), arguments.machine)
        files = files_of(Path(folder))
    size = sum(map(len, files.values()))
    if arguments.verb == "folder":
        unpacked(files, arguments.target)
        print(f"{len(files)} files, {size:,} bytes, beside {arguments.target}: Containerfile")
        return
    digest = packed(files, arguments.target)
    zipped = arguments.target.stat().st_size
    if zipped > ZIP_BYTES_MAX or size > UNPACKED_BYTES_MAX:
        sys.exit("This is more than a zip may hold: make a container (folder).")
    print(f"{zipped:,} bytes, {size:,} unpacked, {len(files)} files, sha256 {digest}")


if __name__ == "__main__":
    main()
