"""Measures read, search, create and import, each beside the yardstick H of the same run.

A server of ours (token, scope, validation, durable audit; WAL, every commit synced) and a raw ASGI
application that answers the same bytes run one after the other under the same load. The steady
figure is answers per second of the server's own CPU time; wall-clock figures swing with whatever
else the machine does. Results are written to ``benchmarks/results/``.

    python -m benchmarks.measure [--patients 200] [--observations 20000] [--seconds 4]
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import itertools
import json
import os
import platform as machine
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.client import Load, request, run
from benchmarks.data import LOINC, observation, patient

HERE = Path(__file__).resolve().parent
CONNECTIONS = 16
JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: per second of server CPU, of wall time, and the latencies."""

    name: str
    per_cpu_s: float
    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    def as_row(self, yardstick: Figure | None) -> dict[str, Any]:
        """Return the figure for the results file, with its share of H."""
        share = None if yardstick is None else round(self.per_cpu_s / yardstick.per_cpu_s, 3)
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
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        data = folder / "data.ndjson.gz"
        write_data(data, patients=arguments.patients, observations=arguments.observations)
        environment = _environment(folder)
        imported = measure_import(data, environment, arguments.observations + arguments.patients)
        with serving(environment) as server:
            client = _add_client(folder, environment, server)
            started = server.ready_s
            idle = _resident_mb(server.pid)
            figures = measure_server(server, client, arguments)
            loaded = _resident_mb(server.pid)
        h = measure_yardstick(folder, arguments.seconds)
    rows = [h.as_row(None), *(f.as_row(h) for f in figures)]
    report = {
        "date": date.today().isoformat(),  # noqa: DTZ011 - the day it was run, for people.
        "machine": f"{machine.machine()}, {os.cpu_count()} CPUs, Python {machine.python_version()}",
        "patients": arguments.patients,
        "observations": arguments.observations,
        "connections": CONNECTIONS,
        "import": imported,
        "start_to_first_answer_s": round(started, 2),
        "idle_mb": idle,
        "loaded_mb": loaded,
        "figures": rows,
    }
    _print(report)
    target = HERE / "results" / f"{report['date']}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--observations", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    return parser.parse_args()


# --- data ------------------------------------------------------------------------------------


def write_data(path: Path, *, patients: int, observations: int) -> None:
    """Write synthetic patients and laboratory observations as NDJSON."""
    random = Random(11)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        for number in range(patients):
            out.write(json.dumps(patient(number, random)) + "\n")
        for number in range(observations):
            out.write(json.dumps(observation(number, patients, random)) + "\n")


# --- processes -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement."""

    pid: int
    port: int
    ready_s: float

    def cpu_s(self) -> float:
        """Return user and system time the process has used, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CAREFLOW_")}  # noqa: TID251
    return kept | {
        "CAREFLOW_DATABASE_URL": f"sqlite:///{folder}/data/careflow.db",
        "CAREFLOW_FILES_URL": f"file://{folder}/data/files",
        "CAREFLOW_KEY_FILE": str(folder / "keys" / "master.key"),
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
        "PYTHONPATH": str(HERE.parent),
    }


@contextmanager
def _process(
    command: list[str], environment: dict[str, str], port: int, path: str
) -> Iterator[Server]:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > 60:
                    sys.exit("the server did not start")
                time.sleep(0.005)
        yield Server(process.pid, port, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Server]:
    """Run our server, pinned to the first CPU where there are several."""
    port = _free_port()
    command = [*_pinned(0), sys.executable, "-m", "careflow", "serve", "--port", str(port)]
    with _process(command, environment, port, "/api/health/ready") as server:
        yield server


def _pinned(cpu: int) -> list[str]:
    return ["taskset", "-c", str(cpu)] if (os.cpu_count() or 1) > 1 else []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _resident_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return 0 if found is None else int(found[1]) // 1024


# --- measurements ----------------------------------------------------------------------------


def measure_import(data: Path, environment: dict[str, str], count: int) -> dict[str, Any]:
    """Import the data by the command line; return resources per CPU second and per second."""
    began, used = time.perf_counter(), os.times()
    command = [*_pinned(0), sys.executable, "-m", "careflow", "import", str(data)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    now = os.times()
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    wall = time.perf_counter() - began
    return {"resources": count, "per_cpu_s": round(count / cpu), "per_s": round(count / wall)}


def _add_client(folder: Path, environment: dict[str, str], server: Server) -> str:
    command = [
        sys.executable,
        "-m",
        "careflow",
        "clients",
        "add",
        "bench",
        "--scope",
        "system/*.cruds",
    ]
    made = subprocess.run([*command, "--json"], env=environment, check=True, capture_output=True)
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
    random = Random(5)
    patients, observations = arguments.patients, arguments.observations
    base = "/api/fhir/R4"

    def read() -> bytes:
        return request("GET", f"{base}/Observation/o{random.randrange(observations)}", token=token)

    def newest() -> bytes:
        patient, code = random.randrange(patients), random.choice(LOINC)
        query = f"patient=b{patient}&code=http://loinc.org|{code}&_sort=-date&_count=10"
        return request("GET", f"{base}/Observation?{query}", token=token)

    def by_name() -> bytes:
        number = random.randrange(patients)
        born = f"{1930 + number % 80}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        query = f"family=Family{number % 997}&birthdate={born}"
        return request("GET", f"{base}/Patient?{query}", token=token)

    numbers = itertools.count(observations)

    def create() -> bytes:
        resource = observation(next(numbers), patients, random)
        del resource["id"]
        body = json.dumps(resource).encode()
        return request("POST", f"{base}/Observation", token=token, body=body, media=JSON)

    def bundle() -> bytes:
        entries = []
        for _ in range(100):
            resource = observation(next(numbers), patients, random)
            entries.append(
                {
                    "resource": resource,
                    "request": {"method": "PUT", "url": f"Observation/{resource['id']}"},
                }
            )
        document = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        body = json.dumps(document).encode()
        return request("POST", base, token=token, body=body, media=JSON)

    seconds = arguments.seconds
    return [
        _measure("read by id", server, read, seconds),
        _measure("patient + code, newest 10", server, newest, seconds),
        _measure("patient by family + birthdate", server, by_name, seconds),
        _measure("create", server, create, seconds),
        _measure("transaction of 100 (per resource)", server, bundle, seconds, each=100),
    ]


def _measure(
    name: str, server: Server, make: Callable[[], bytes], seconds: float, *, each: int = 1
) -> Figure:
    asyncio.run(run(server.port, make, connections=CONNECTIONS, seconds=min(1.0, seconds)))
    before = server.cpu_s()
    load: Load = asyncio.run(run(server.port, make, connections=CONNECTIONS, seconds=seconds))
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


def measure_yardstick(folder: Path, seconds: float) -> Figure:
    """Measure the raw ASGI application that answers one resource's bytes."""
    port = _free_port()
    environment = _environment(folder) | {"CAREFLOW_TEST_YARDSTICK_BODY": str(folder / "body.json")}
    command = [*_pinned(0), sys.executable, "-m", "uvicorn", "benchmarks.yardstick:application"]
    options = ["--port", str(port), "--no-access-log", "--log-level", "error", "--lifespan", "off"]
    with _process(command + options, environment, port, "/") as server:
        return _measure("H: raw ASGI", server, lambda: request("GET", "/"), seconds)


def _print(report: dict[str, Any]) -> None:
    print(
        f"{report['machine']}; {report['observations']:,} observations, {CONNECTIONS} connections"
    )
    print(f"{'':36}{'per CPU-s':>10}{'of H':>7}{'per s':>9}{'p50 ms':>8}{'p99 ms':>8}{'CPU ms':>8}")
    for row in report["figures"]:
        share = "" if row["of_h"] is None else f"{row['of_h']:.2f}"
        print(
            f"{row['name']:36}{row['per_cpu_s']:>10,}{share:>7}{row['per_s']:>9,}"
            f"{row['p50_ms']:>8}{row['p99_ms']:>8}{row['cpu_ms']:>8}"
        )
    imported = report["import"]
    print(f"{'import, command line':36}{imported['per_cpu_s']:>10,}{'':7}{imported['per_s']:>9,}")
    print(
        f"start to first answer {report['start_to_first_answer_s']} s; "
        f"memory idle {report['idle_mb']} MB, after the runs {report['loaded_mb']} MB"
    )


if __name__ == "__main__":
    main()
