"""Measures read, search, create and import, each beside the yardstick H of the same run.

A server of ours (token, scope, validation, encryption, durable audit; every commit synced) and a
raw ASGI application that answers the same bytes run under the same load: one CPU and 1 GB for the
server, the client on the others. The steady figure is answers per second of the server's own CPU
time; wall-clock figures swing with whatever else the machine does. H is measured before and after,
as it swings too. Results are written to ``benchmarks/results/`` and shown beside the last ones.

    python -m benchmarks.measure [--full] [--patients 200] [--observations 20000] [--seconds 4]
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import platform as machine
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.client import Load, request, run
from benchmarks.data import observation, patient
from benchmarks.serving import (
    SERVER_CPU,
    Server,
    bare_server,
    environment,
    memory_limit,
    pin_client,
    pinned,
    serving,
)
from benchmarks.workloads import Workloads

RESULTS = Path(__file__).resolve().parent / "results"
CONNECTIONS = 16
MEMORY_MB = 1024
FULL = {"patients": 1_000, "observations": 100_000}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: per second of server CPU, of wall time, and the latencies."""

    name: str
    per_cpu_s: float
    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    def as_row(self, yardstick: float | None) -> dict[str, Any]:
        """Return the figure for the results file, with its share of H."""
        share = None if yardstick is None else round(self.per_cpu_s / yardstick, 3)
        return {
            "name": self.name,
            "per_cpu_s": round(self.per_cpu_s),
            "per_s": round(self.per_s),
            "p50_ms": round(self.p50_ms, 2),
            "p99_ms": round(self.p99_ms, 2),
            "cpu_ms": round(self.cpu_ms, 3),
            "of_h": share,
        }


def main() -> None:
    """Measure, print the table and write the results."""
    arguments = _arguments()
    pin_client()
    before = _last_report()
    with tempfile.TemporaryDirectory() as scratch, memory_limit(MEMORY_MB) as limit:
        report = _measured(Path(scratch), arguments, limit)
    _print(report, before)
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{report['date']}.json"
    target.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--observations", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--full", action="store_true", help=f"as many as {FULL}")
    arguments = parser.parse_args()
    if arguments.full:
        vars(arguments).update(FULL)
    return arguments


def _last_report() -> dict[str, Any] | None:
    """Return the newest results there are, whatever their day."""
    reports = sorted(RESULTS.glob("*.json"))
    if not reports:
        return None
    report: dict[str, Any] = json.loads(reports[-1].read_text(encoding="utf-8"))
    return report


def _measured(folder: Path, arguments: argparse.Namespace, limit: Path | None) -> dict[str, Any]:
    data = folder / "data.ndjson.gz"
    json_bytes = write_data(data, patients=arguments.patients, observations=arguments.observations)
    variables = environment(folder)
    imported = measure_import(data, variables, arguments.observations + arguments.patients)
    file_bytes = sum(file.stat().st_size for file in (folder / "data").glob("careflow.db*"))
    with serving(variables, limit) as server:
        token = _add_client(folder, variables, server)
        idle = server.resident_mb()
        yardsticks = [measure_yardstick(folder, arguments.seconds)]
        figures = measure_server(server, token, arguments)
        loaded = server.resident_mb()
        yardsticks.append(measure_yardstick(folder, arguments.seconds))
    h = sum(each.per_cpu_s for each in yardsticks) / len(yardsticks)
    return {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the day it was run, for people.
        "machine": f"{machine.machine()}, {os.cpu_count()} CPUs, Python {machine.python_version()}",
        "patients": arguments.patients,
        "observations": arguments.observations,
        "connections": CONNECTIONS,
        "memory_limit_mb": None if limit is None else MEMORY_MB,
        "import": imported,
        "file_bytes_per_json_byte": round(file_bytes / json_bytes, 2),
        "start_to_first_answer_s": round(server.ready_s, 2),
        "idle_mb": idle,
        "loaded_mb": loaded,
        "figures": [
            *(each.as_row(None) for each in yardsticks),
            *(each.as_row(h) for each in figures),
        ],
    }


def write_data(path: Path, *, patients: int, observations: int) -> int:
    """Write synthetic patients and results as NDJSON; return the bytes of JSON."""
    random = Random(11)
    size = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        for number in range(patients + observations):
            if number < patients:
                resource = patient(number, random)
            else:
                resource = observation(number - patients, patients, random)
            text = json.dumps(resource, separators=(",", ":"))
            size += len(text)
            out.write(text + "\n")
    return size


# --- measurements ----------------------------------------------------------------------------


def measure_import(data: Path, variables: dict[str, str], count: int) -> dict[str, Any]:
    """Import the data by the command line; return resources per CPU second and per second."""
    began, used = time.perf_counter(), os.times()
    command = [*pinned(SERVER_CPU), sys.executable, "-m", "careflow", "import", str(data)]
    subprocess.run(command, env=variables, check=True, stdout=subprocess.DEVNULL)
    now = os.times()
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    wall = time.perf_counter() - began
    return {"resources": count, "per_cpu_s": round(count / cpu), "per_s": round(count / wall)}


def _add_client(folder: Path, variables: dict[str, str], server: Server) -> str:
    words = ["clients", "add", "bench", "--scope", "system/*.cruds", "--json"]
    command = [sys.executable, "-m", "careflow", *words]
    made = subprocess.run(command, env=variables, check=True, capture_output=True)
    client = json.loads(made.stdout)[0]
    form = urllib.parse.urlencode(
        {
            "grant_type": "client_credentials",
            "client_id": client["client_id"],
            "client_secret": client["client_secret"],
        }
    ).encode()
    answer = urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/auth/token", form)
    token: str = json.load(answer)["access_token"]
    example = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/fhir/R4/Observation/o7",
        headers={"Authorization": f"Bearer {token}"},
    )
    (folder / "body.json").write_bytes(urllib.request.urlopen(example).read())
    return token


def measure_server(server: Server, token: str, arguments: argparse.Namespace) -> list[Figure]:
    """Measure each kind of request against our server."""
    ask = Workloads(token, patients=arguments.patients, observations=arguments.observations)
    seconds = arguments.seconds
    return [
        _measure("read by id", server, ask.read, seconds),
        _measure("patient + code, newest 10", server, ask.newest, seconds),
        _measure("patient by family + birthdate", server, ask.by_name, seconds),
        _measure("create", server, ask.create, seconds),
        _measure("transaction of 100 (per resource)", server, ask.bundle(100), seconds, each=100),
        _measure("read while bundles of 1,000 load", server, ask.read, seconds, ask.bundle(1_000)),
    ]


def _measure(
    name: str,
    server: Server,
    make: Callable[[], bytes],
    seconds: float,
    beside: Callable[[], bytes] | None = None,
    *,
    each: int = 1,
) -> Figure:
    """Measure requests; ``beside`` makes those of one more connection, which are not counted."""
    asyncio.run(run(server.port, make, connections=CONNECTIONS, seconds=min(1.0, seconds)))
    before = server.cpu_s()
    load: Load = asyncio.run(_run(server.port, make, beside, seconds))
    cpu = server.cpu_s() - before
    bad = {status: n for status, n in load.statuses.items() if status >= 400}
    if bad:
        sys.exit(f"{name}: the server refused requests: {bad}")
    done = len(load.latencies) * each
    return Figure(
        name=name,
        per_cpu_s=done / cpu,
        per_s=load.rate() * each,
        p50_ms=load.percentile_ms(0.5),
        p99_ms=load.percentile_ms(0.99),
        cpu_ms=1000 * cpu / done,
    )


async def _run(
    port: int, make: Callable[[], bytes], beside: Callable[[], bytes] | None, seconds: float
) -> Load:
    counted = run(port, make, connections=CONNECTIONS, seconds=seconds)
    if beside is None:
        return await counted
    # What loads is made beforehand: the client must not be what readers wait for.
    waiting = [beside() for _ in range(20)]
    others = run(port, lambda: waiting.pop() if waiting else make(), connections=1, seconds=seconds)
    load, _ = await asyncio.gather(counted, others)
    return load


def measure_yardstick(folder: Path, seconds: float) -> Figure:
    """Measure the raw ASGI application that answers one resource's bytes."""
    with bare_server(environment(folder), folder / "body.json") as server:
        return _measure("H: raw ASGI", server, lambda: request("GET", "/"), seconds)


# --- the table -------------------------------------------------------------------------------


def _print(report: dict[str, Any], before: dict[str, Any] | None) -> None:
    limit = report["memory_limit_mb"]
    bound = f"{limit} MB" if limit else "no memory limit (control groups are not ours to make)"
    print(
        f"{report['machine']}; {report['observations']:,} observations of {report['patients']:,}"
        f" patients, {CONNECTIONS} connections, one CPU, {bound}"
    )
    print(
        f"{'':36}{'per CPU-s':>10}{'of H':>7}{'before':>8}{'per s':>9}{'p50 ms':>8}{'p99 ms':>8}"
        f"{'CPU ms':>8}"
    )
    shares = {row["name"]: row["of_h"] for row in (before or {}).get("figures", ())}
    for row in report["figures"]:
        print(
            f"{row['name']:36}{row['per_cpu_s']:>10,}{_share(row['of_h']):>7}"
            f"{_share(shares.get(row['name'])):>8}{row['per_s']:>9,}"
            f"{row['p50_ms']:>8}{row['p99_ms']:>8}{row['cpu_ms']:>8}"
        )
    imported = report["import"]
    print(f"{'import, command line':36}{imported['per_cpu_s']:>10,}{'':15}{imported['per_s']:>9,}")
    for name, text in (
        ("start_to_first_answer_s", "start to first answer, s"),
        ("idle_mb", "memory when idle, MB"),
        ("loaded_mb", "memory after the runs, MB"),
        ("file_bytes_per_json_byte", "file per byte of JSON"),
    ):
        print(f"{text:36}{report[name]:>10}{(before or {}).get(name, ''):>15}")


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.2f}"


if __name__ == "__main__":
    main()
