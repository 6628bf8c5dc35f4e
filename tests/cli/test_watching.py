"""What the command line writes while the server runs, the server's watchers hear."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from careflow.composition import open_platform
from tests.api.conftest import scratch_settings
from tests.api.test_bad_commands import ENVIRONMENT, settings_of


async def test_the_server_hears_of_what_the_command_line_imports(tmp_path: Path) -> None:
    lines = tmp_path / "people.ndjson"
    people = [{"resourceType": "Patient", "id": f"p{number}"} for number in range(12)]
    lines.write_text("\n".join(json.dumps(each) for each in people))
    platform = await open_platform(scratch_settings(tmp_path))
    watcher = platform.documents.watch(frozenset({"Patient"}), platform.organisation)

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "careflow", "import", "people.ndjson"),
        cwd=tmp_path,
        env={**ENVIRONMENT, **settings_of(tmp_path)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(60):
        heard = [await anext(watcher) for _ in people]
        code = await process.wait()
    await platform.close()

    assert code == 0
    assert [each.id for each in heard] == [each["id"] for each in people]
    assert [each.sequence for each in heard] == sorted({each.sequence for each in heard})
