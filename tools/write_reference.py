"""Writes what is generated from the code: reference pages, API schema, the web client's types.

``--check`` writes nothing and fails where what is committed differs from a fresh run.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

import careflow
from careflow import settings
from careflow.app.assemble import api_of
from careflow.audit import actions
from careflow.cli.command import careflow as command
from careflow.composition import open_platform
from careflow.errors import CareFlowError
from careflow.identity.permissions import ROLE_PERMISSIONS
from careflow.planner.guide.page import reference_page
from careflow.records.reference_page import fhir_page
from tools.ai_page import ai_page
from tools.scheduling_page import scheduling_page

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
SCHEMA = ROOT / "web" / "openapi.json"
CLIENT = ROOT / "web" / "src" / "api" / "schema.d.ts"
_NOTE = "<!-- Written by `make docs` from the code; change the code instead. -->\n\n"


def main() -> int:
    """Write or check every generated file; return 1 if a check finds a difference."""
    schema = openapi()
    pages = {
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "commands.md": commands_page(),
        REFERENCE / "http.md": http_page(schema),
        REFERENCE / "errors.md": errors_page(),
        REFERENCE / "audit.md": audit_page(),
        REFERENCE / "ai.md": _NOTE + ai_page(),
        REFERENCE / "fhir.md": _NOTE + fhir_page(),
        REFERENCE / "permissions.md": permissions_page(),
        REFERENCE / "guide.md": reference_page(),
        REFERENCE / "scheduling.md": _NOTE + scheduling_page(),
        SCHEMA: json.dumps(schema, indent=2, sort_keys=True) + "\n",
    }
    if "--check" in sys.argv:
        stale = [path for path, text in pages.items() if not _same(path, text)]
        stale += [] if _same(CLIENT, _client_types(SCHEMA)) else [CLIENT]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run make docs")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    CLIENT.write_text(_client_types(SCHEMA), encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _client_types(schema: Path) -> str:
    generator = ROOT / "web" / "node_modules" / ".bin" / "openapi-typescript"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "schema.d.ts"
        subprocess.run([generator, schema, "-o", target], check=True, capture_output=True)
        return target.read_text(encoding="utf-8")


def openapi() -> dict[str, object]:
    """Return the API's schema, from a platform over an empty scratch folder."""

    async def describe(folder: Path) -> dict[str, object]:
        platform = await open_platform(scratch_settings(folder))
        try:
            return api_of(platform).openapi()
        finally:
            await platform.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(describe(Path(folder)))


def scratch_settings(folder: Path) -> settings.Settings:
    """Return settings for a platform that lives in one folder."""
    return settings.load(
        {},
        file=folder / "none.toml",
        database_url=f"sqlite:///{folder}/data/careflow.db",
        files_url=f"file://{folder}/data/files",
        key_file=folder / "keys" / "master.key",
        clinic_zone="America/New_York",
    )


def settings_page() -> str:
    """Return the page of settings."""
    rows = [
        f"| `{one.name}` | `{one.value}` | {one.description} |"
        for one in settings.sources({}, file=Path("none.toml"))
    ]
    head = (
        "# Settings\n\nEnvironment variables, or the same names without the prefix, in lower case,"
        " in `careflow.toml`. Any may be given as `NAME_FILE`, a file that holds the value. An"
        " unknown name stops the start.\n\n| setting | default | what it decides |\n|---|---|---|\n"
    )
    return _NOTE + head + "\n".join(rows) + "\n"


def commands_page() -> str:
    """Return the page of commands: the help text of each."""
    parts = [_NOTE + "# Commands\n"]
    for path, one in _commands(command, "careflow"):
        context = click.Context(one, info_name=path, max_content_width=90)
        parts.append(f"\n## `{path}`\n\n```\n{one.get_help(context)}\n```\n")
    return "".join(parts)


def _commands(one: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, one
    if isinstance(one, click.Group):
        context = click.Context(one, info_name=path)
        for name in one.list_commands(context):
            found = one.get_command(context, name)
            if found is not None:
                yield from _commands(found, f"{path} {name}")


def http_page(schema: dict[str, object]) -> str:
    """Return the page of addresses outside FHIR."""
    paths: dict[str, dict[str, dict[str, object]]] = schema["paths"]  # type: ignore[assignment]
    rows = [
        f"| `{method.upper()} {path}` | {_first_line(operation)} |"
        for path, operations in sorted(paths.items())
        for method, operation in operations.items()
    ]
    head = (
        "# HTTP\n\nEverything outside FHIR; the whole schema is `web/openapi.json`. FHIR R4 is at"
        " `/api/fhir/R4` and has [its own page](fhir.md).\n\n`Idempotency-Key`"
        " (1 to 255 visible ASCII characters) is accepted on every `POST`, `PUT`, `PATCH` and"
        " `DELETE` outside `/api/auth`, FHIR's too. What is sent again under it within a day is"
        " answered again (`Idempotency-Replayed: true`) and not done again; with another request it"
        " is refused (422), while the first runs too (409). A refusal gives the key back. Of"
        " answers over 256 KiB status and headers are kept.\n\n"
        "| address | what it does |\n|---|---|\n"
    )
    return _NOTE + head + "\n".join(rows) + "\n"


def _first_line(operation: dict[str, object]) -> str:
    text = str(operation.get("description") or operation.get("summary") or "")
    return text.split("\n", maxsplit=1)[0]


def errors_page() -> str:
    """Return the page of error codes."""
    rows = sorted(
        {
            (one.code, one.status, one.issue, (one.__doc__ or "").split("\n", maxsplit=1)[0])
            for one in _errors()
        }
    )
    lines = [f"| `{code}` | {status} | {issue} | {text} |" for code, status, issue, text in rows]
    head = (
        "# Error codes\n\nOutside FHIR an answer is problem details (RFC 9457) with this `code`;"
        " inside, an OperationOutcome with this issue type.\n\n"
        "| code | status | FHIR issue | what happened |\n|---|---|---|---|\n"
    )
    return _NOTE + head + "\n".join(lines) + "\n"


def _errors() -> Iterator[type[CareFlowError]]:
    for module in pkgutil.walk_packages(careflow.__path__, "careflow."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    waiting: list[type[CareFlowError]] = [CareFlowError]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.__subclasses__()


def audit_page() -> str:
    """Return the page of audit names."""
    rows = [
        f"| `{room}` | `{act}` | {meaning} |"
        for room, acts in actions.ACTS.items()
        for act, meaning in acts.items()
    ]
    head = (
        "# Audit names\n\nEvery entry has a three-part name, `room:subject:act`; the subject is a"
        " resource type, a task or a screen.\n\n| room | act | who did |\n|---|---|---|\n"
    )
    return _NOTE + head + "\n".join(rows) + "\n"


def permissions_page() -> str:
    """Return the page of roles and permissions."""
    roles = list(ROLE_PERMISSIONS)
    permissions = sorted({p for granted in ROLE_PERMISSIONS.values() for p in granted})
    head = "| permission | " + " | ".join(roles) + " |\n|---" + "|---" * len(roles) + "|\n"
    rows = [
        f"| `{p}` | " + " | ".join("yes" if p in ROLE_PERMISSIONS[r] else "" for r in roles) + " |"
        for p in permissions
    ]
    return _NOTE + "# Who may do what\n\n" + head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
