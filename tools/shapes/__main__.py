"""``make shapes``: stands each shape up on loopback, lets things befall it, prints a table.

The MongoDB here is a stand-in: its timings are no claims, so none are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.mongo_server import OwnServer
from tests.standins.gemini import GeminiStandin
from tests.standins.serving import serving
from tools.shapes import faults
from tools.shapes.clinic import prepare, settings_of
from tools.shapes.standing import NGINX, stand_up
from tools.shapes.trying import Tried, table, under_load

_RATE, _BETWEEN_S = 10.0, 4.0


def embedded(folder: Path) -> Tried:
    """(a) One process of ours on the encrypted SQLite file."""
    told = settings_of(folder)
    starts = asyncio.run(prepare(told))
    shape = stand_up("embedded", folder, told)
    befalls: dict[str, faults.Fault] = {
        "roll a release": faults.roll_a_release,
        "replace the node": faults.replace_a_node(),
    }
    try:
        return asyncio.run(under_load(shape, starts, befalls, rate=_RATE, between_s=_BETWEEN_S))
    finally:
        shape.close()


def over_mongodb(
    name: str, *, nodes: int = 1, workers: int = 0, **settings: str
) -> Callable[[Path], Tried]:
    """Return a shape over the stand-in for MongoDB that is tried in a folder."""

    def tried(folder: Path) -> Tried:
        (folder / "db").mkdir()
        server = OwnServer(folder / "db", syncs=True)
        server.start()
        database = server.url.replace("/?", "/clinic?")
        told = {**settings_of(folder, database), "CAREFLOW_AI_ENGINES": "local", **settings}
        befalls: dict[str, faults.Fault] = {}
        if nodes > 1:
            befalls["kill a node"] = faults.kill_a_node(server)
        befalls["replace a node"] = faults.replace_a_node(server)
        befalls["roll a release"] = faults.roll_a_release
        befalls["database away 10 s"] = faults.stop_the_database(server)
        try:
            starts = asyncio.run(prepare(told))
            shape = stand_up(name, folder, told, nodes=nodes, workers=workers)
            try:
                return asyncio.run(
                    under_load(shape, starts, befalls, rate=_RATE, between_s=_BETWEEN_S)
                )
            finally:
                shape.close()
        finally:
            server.remove()

    return tried


def gemini(folder: Path) -> Tried:
    """(e) As production, AI by the stand-in for Gemini."""
    with serving(GeminiStandin()) as address:
        return over_mongodb(
            "gemini",
            CAREFLOW_AI_ENGINES="gemini,local",
            CAREFLOW_GEMINI_API_KEY_FILE=str(_written(folder / "gemini-key", "nobody's")),
            CAREFLOW_GEMINI_BASE_URL=address,
        )(folder)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


SHAPES: dict[str, Callable[[Path], Tried]] = {
    "embedded": embedded,
    "production": over_mongodb("production"),
    "self-hosted-ai": over_mongodb("self-hosted-ai", workers=1),
    "gemini": gemini,
    "high-availability": over_mongodb("high-availability", nodes=3),
}


def main() -> int:
    """Try the shapes that are named, or all; return 1 if anything was lost or stood twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", choices=[[], *SHAPES])
    named = parser.parse_args().shapes or list(SHAPES)
    if NGINX is None:
        print("nginx is not installed: tools/system_packages.sh does it.")
        return 1
    rows = []
    for name in named:
        with tempfile.TemporaryDirectory(prefix="cf-") as folder:
            row = SHAPES[name](Path(folder))
        rows.append(row)
        for sentence in [*row.wrong[:10], *row.told.untyped[:3]]:
            print(f"{name}: {sentence}")
        for fault, said in row.refused.items():
            print(f"{name}: {fault}: asked again after {said or 'nothing'}", flush=True)
    print(table(rows))
    return 1 if any(row.wrong or row.told.untyped for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
