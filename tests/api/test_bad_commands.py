"""Commands given the wrong thing: one sentence on standard error, an exit code, nothing changed."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from careflow.cli.command import careflow
from careflow.cli.failures import run_command
from careflow.composition import open_platform
from tests.api.conftest import CANARY, FAST_HASH, scratch_settings

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("CAREFLOW_")}  # noqa: TID251
PATIENT = {"resourceType": "Patient", "id": "a", "name": [{"family": CANARY}]}


def settings_of(folder: Path) -> dict[str, str]:
    """Return settings of a clinic in a folder."""
    return {
        "CAREFLOW_DATABASE_URL": f"sqlite:///{folder}/data/careflow.db",
        "CAREFLOW_FILES_URL": f"file:///{folder}/data/files",
        "CAREFLOW_KEY_FILE": f"{folder}/keys/master.key",
        "CAREFLOW_CLINIC_ZONE": "America/New_York",
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but the write-ahead logs, which opening alone may touch."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """The folder of a real clinic that is not open."""

    async def make() -> None:
        await (await open_platform(scratch_settings(tmp_path), password_cost=FAST_HASH)).close()

    asyncio.run(make())
    return tmp_path


def started(*arguments: str, folder: Path, **more: str) -> tuple[int, str, str]:
    """Run a command as a process of its own; it must end by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "careflow", *arguments],
        cwd=folder,
        env={**ENVIRONMENT, **settings_of(folder), **more},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


Run = tuple[int, str, str]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Run:
    """Run a command and return its exit code and what it showed."""
    code = run_command(careflow, list(arguments))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def is_one_sentence(text: str, *, starts: str = "careflow: ") -> bool:
    """Report whether this is a sentence for an operator, and nothing else."""
    return text.startswith(starts) and text.count("\n") == 1 and "Traceback" not in text


# --- serving ---------------------------------------------------------------------------------

SETTINGS: dict[str, tuple[dict[str, str], str]] = {
    "an unknown name": ({"CAREFLOW_BANANA": "1"}, "CAREFLOW_BANANA is not a setting"),
    "a missing zone": ({"CAREFLOW_CLINIC_ZONE": ""}, "CAREFLOW_CLINIC_ZONE"),
    "a zone that is none": ({"CAREFLOW_CLINIC_ZONE": "Mars/Base"}, "not an IANA time zone"),
    "a zone that is a folder": ({"CAREFLOW_CLINIC_ZONE": "America"}, "not an IANA time zone"),
    "a zone elsewhere": ({"CAREFLOW_CLINIC_ZONE": "../../etc/passwd"}, "not an IANA time zone"),
    "another database": ({"CAREFLOW_DATABASE_URL": "mysql://x"}, "must look like sqlite:///"),
    "a database elsewhere, unprotected": (
        {"CAREFLOW_DATABASE_URL": "mongodb://x"},
        "its address must ask for TLS",
    ),
    "no place for data": (
        {"CAREFLOW_DATABASE_URL": "sqlite:////proc/none/careflow.db"},
        "/proc/none cannot be used",
    ),
    "a file as the data's folder": (
        {"CAREFLOW_DATABASE_URL": "sqlite:///{folder}/note.txt/careflow.db"},
        "note.txt cannot be used",
    ),
    "a file that is no database": (
        {"CAREFLOW_DATABASE_URL": "sqlite:///{folder}/other/careflow.db"},
        "is not a database of CareFlowAI",
    ),
    "no place for files": ({"CAREFLOW_FILES_URL": "file:////proc/none"}, "cannot be used"),
    "a key that is noise": ({"CAREFLOW_KEY_FILE": "{folder}/noise.key"}, "cannot be read"),
    "a key too short": ({"CAREFLOW_KEY_FILE": "{folder}/short.key"}, "64 hexadecimal digits"),
    "another key": ({"CAREFLOW_KEY_FILE": "{folder}/another.key"}, "The key does not open"),
    "no key": ({"CAREFLOW_KEY_FILE": "{folder}/none.key"}, "restore the key file"),
    "a folder as the key": ({"CAREFLOW_KEY_FILE": "{folder}/other"}, "cannot be read"),
    "a key beside the data": ({"CAREFLOW_KEY_FILE": "{folder}/data/m.key"}, "outside the data"),
    "another organisation": ({"CAREFLOW_ORGANISATION": "other"}, "another organisation"),
}


@pytest.mark.parametrize("what", SETTINGS)
def test_a_setting_that_cannot_be_used_stops_every_command(
    what: str,
    clinic: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = contents(furnished(clinic))
    changes, sentence = SETTINGS[what]
    for name, value in {**settings_of(clinic), **changes}.items():
        monkeypatch.setenv(name, value.format(folder=clinic))
    monkeypatch.chdir(clinic)

    code, shown, said = run(capsys, "users", "list")

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said
    assert sentence in said
    assert contents(clinic) == before


@pytest.mark.parametrize("what", ["an unknown name", "a missing zone", "another key"])
def test_a_setting_that_cannot_be_used_stops_the_server(what: str, clinic: Path) -> None:
    before = contents(furnished(clinic))
    changes, sentence = SETTINGS[what]
    more = {name: value.format(folder=clinic) for name, value in changes.items()}

    code, shown, said = started("serve", "--port", "0", folder=clinic, **more)

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said
    assert sentence in said
    assert contents(clinic) == before


def furnished(folder: Path) -> Path:
    """Return the folder with keys and files in it that do not fit."""
    (folder / "note.txt").write_text("a note")
    (folder / "noise.key").write_bytes(bytes(range(128, 160)))
    (folder / "short.key").write_text("aabb")
    (folder / "another.key").write_text("ab" * 32)
    (folder / "other").mkdir()
    (folder / "other" / "careflow.db").write_text("no database at all\n" * 500)
    return folder


def test_a_port_in_use_is_one_sentence_and_opens_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        code, _, said = started("serve", "--port", port, folder=tmp_path)

    assert code == 2
    assert is_one_sentence(said), said
    assert contents(tmp_path) == {}


# --- the synthetic clinic --------------------------------------------------------------------


def test_the_demo_neither_opens_nor_removes_a_real_clinic(clinic: Path) -> None:
    before = contents(clinic)

    opened = started("demo", "--port", "0", "--data", "data", folder=clinic)
    reset = started("demo", "--port", "0", "--data", "data", "--reset", folder=clinic)

    for code, shown, said in (opened, reset):
        assert (code, shown) == (2, "")
        assert is_one_sentence(said), said
    assert contents(clinic) == before


def test_a_real_clinic_in_the_demos_own_folder_is_still_not_the_demos(clinic: Path) -> None:
    (clinic / "data" / "synthetic-clinic").touch()
    (clinic / "keys").rename(clinic / "data-keys")
    before = contents(clinic)

    code, shown, said = started("demo", "--port", "0", "--data", "data", folder=clinic)

    assert (code, shown) == (2, "")
    assert "belongs to a real clinic" in said
    assert contents(clinic) == before


def test_a_synthetic_clinic_is_not_served_as_a_real_one(tmp_path: Path) -> None:
    async def make() -> None:
        await (await open_platform(scratch_settings(tmp_path), synthetic=True)).close()

    asyncio.run(make())

    code, _, said = started("serve", "--port", "0", folder=tmp_path)

    assert code == 2
    assert "belongs to a synthetic clinic" in said
    assert is_one_sentence(said), said


@pytest.mark.parametrize("data", ["note.txt", "/proc/none"])
def test_a_demo_without_a_folder_is_one_sentence(data: str, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note")

    code, _, said = started("demo", "--port", "0", "--data", data, folder=tmp_path)

    assert code == 2
    assert is_one_sentence(said), said


# --- importing and tasks, within this process --------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: object) -> Path:
    """A folder to be in, with the settings of a clinic that will be made there."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("none.json", "does not exist"),
        ("note.txt", "holds nothing to import"),
        ("empty", "holds nothing to import"),
        ("loop.json", "does not exist"),
        ("pipe.json", "holds nothing to import"),
        ("folder.json", "holds nothing to import"),
    ],
)
def test_what_is_no_file_to_import_opens_nothing(
    path: str, sentence: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "note.txt").write_text("a note")
    (here / "empty").mkdir()
    (here / "folder.json").mkdir()
    os.mkfifo(here / "pipe.json")
    (here / "loop.json").symlink_to("loop.json")

    code, shown, said = run(capsys, "import", path)

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said
    assert sentence in said


LINE = json.dumps(PATIENT).encode()
FILES: dict[str, tuple[str, bytes, int, int]] = {
    "broken gzip": ("a.json.gz", b"\x1f\x8b\x08\x00garbage", 0, 1),
    "gzip cut off": ("a.json.gz", gzip.compress(LINE * 1000)[:-20], 0, 1),
    "no gzip": ("a.ndjson.gz", LINE, 0, 1),
    "noise": ("a.json", bytes(range(256)) * 20, 0, 1),
    "nothing": ("a.json", b"", 0, 1),
    "half a file": ("a.json", LINE[:-3], 0, 1),
    "no object": ("a.json", b"[1, 2]", 0, 1),
    "200,000 levels": ("a.json", b'{"resourceType":"Patient","extension":' + b"[" * 200_000, 0, 1),
    "a bad line": (
        "a.ndjson",
        b"\n".join(
            (LINE, b'{"resourceType": "Patient",', b"\xff\xfe", b"5", b'{"resourceType":"B"}')
        ),
        1,
        4,
    ),
    "lines of noise": (
        "a.ndjson",
        b"\n".join((b'{"id": ' + b"[" * 200_000, b'{"id": "\xff"}', b'{"id": "\\ud800"}', LINE)),
        1,
        3,
    ),
    "entries of noise": (
        "a.json",
        b'{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"id": '
        + b"[" * 100
        + b"]" * 100
        + b'}}, {"resource": '
        + LINE
        + b"}]}",
        1,
        1,
    ),
    "no id": ("a.json", b'{"resourceType": "Patient"}', 0, 1),
    "an id with a way out": ("a.json", b'{"resourceType": "Patient", "id": "../../x"}', 0, 1),
    "the trail": (
        "a.json",
        b'{"resourceType": "AuditEvent", "id": "x", "type": {"code": "rest"}, '
        b'"recorded": "2026-01-01T00:00:00Z", "agent": [{"requestor": true}], '
        b'"source": {"observer": {"display": "x"}}}',
        0,
        1,
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_what_cannot_be_imported_is_named_and_the_rest_is_kept(
    what: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, created, refused = FILES[what]
    (here / name).write_bytes(content)

    code, shown, said = run(capsys, "import", name, "--json")

    counts = json.loads(shown)
    assert (code, said) == (1, "")
    assert (counts["created"], counts["refused"]) == (created, refused)
    assert all(line.startswith(f"{name}, entry ") for line in counts["refusals"])
    assert CANARY not in shown


TASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "no input": (("lab-results", "--input", "none", "--output", "o"), "cannot be read"),
    "a folder as input": (("lab-results", "--input", "data", "--output", "o"), "is a directory"),
    "no task": (("banana", "--input", "in", "--output", "o"), "There is no AI task"),
    "no engine": (
        ("lab-results", "--engine", "gpt", "--input", "in", "--output", "o"),
        "There is no engine",
    ),
    "no place for the output": (
        ("lab-results", "--input", "in", "--output", "/proc/none/o"),
        "cannot be written",
    ),
    "a folder as output": (("lab-results", "--input", "in", "--output", "data"), "is a directory"),
}


@pytest.mark.parametrize("what", TASKS)
def test_a_batch_that_cannot_run_writes_nothing(
    what: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "data").mkdir()
    (here / "in").write_text('{"id": "1", "input": {"text": "Glucose: 142 mg/dL"}}\n')
    before = contents(here)
    arguments, sentence = TASKS[what]

    code, shown, said = run(capsys, "ai", "run", *arguments)

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said
    assert sentence in said
    assert contents(here) == before


def test_a_garbled_line_fails_alone_and_in_its_place(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        b"garbage",
        b'{"id": 1}',
        b'{"id": "good", "input": {"text": "Glucose: 142 mg/dL (70-99)"}}',
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"id": "\xff", "input": {"text": "\xff"}}',
        b'{"id": "way out", "input": {"file": "../../../etc/passwd"}}',
        b'{"id": "none", "input": {"file": "none.pdf"}}',
        b'{"id": "both", "input": {"text": "x", "results": []}}',
        b'{"id": "other", "input": {"banana": 1}}',
    )
    (here / "in").write_bytes(b"\n".join(lines))

    code, _, said = run(capsys, "ai", "run", "lab-results", "--input", "in", "--output", "o")

    answers = [json.loads(line) for line in (here / "o").read_bytes().splitlines()]
    assert (code, said) == (0, "")
    assert len(answers) == len(lines)
    assert [one["status"] for one in answers].count("ok") == 1
    assert answers[2]["id"] == "good"
    assert "root:" not in (here / "o").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("users", "add", "banana", "--name", "x", "--role", "nurse"),
        ("users", "add", "a@b.example", "--name", "x", "--role", "king"),
        ("users", "disable", "none@b.example"),
        ("audit", "report", "--count", "0"),
        ("banana",),
        ("serve", "--port", "99999"),
        ("serve", "--banana"),
    ],
)
def test_a_command_that_is_none_is_one_sentence(
    arguments: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, shown, said = run(capsys, *arguments)

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said


@pytest.mark.parametrize(
    "content", [b"x = [", b"\xff\xfe", b'banana = "x"\n', b"upload_limit_mb = 0\n"]
)
def test_a_settings_file_that_is_none_stops_every_command(
    content: bytes, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "careflow.toml").write_bytes(content)

    code, shown, said = run(capsys, "check-settings")

    assert (code, shown) == (2, "")
    assert is_one_sentence(said), said
