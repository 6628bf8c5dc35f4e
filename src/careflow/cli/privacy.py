"""``careflow privacy``: takes out of texts what identifies, as before a task leaves."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import msgspec

from careflow import settings
from careflow.ai.privacy.given_record import known_of
from careflow.ai.privacy.known import NOBODY, Known
from careflow.ai.privacy.scrubbing import Scrubbed, scrubbed
from careflow.composition import chart_known_to_ai
from careflow.errors import BadInputError, NotFoundError
from careflow.settings import Settings

Json = dict[str, Any]
_REFUSED = 1


class _Line(msgspec.Struct):
    text: str
    id: str | int | None = None
    record: dict[str, Any] = {}


@click.group("privacy")
def privacy_command() -> None:
    """Take out of texts what identifies a person."""


@privacy_command.command("scrub")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--patient", metavar="ID", help="Look for what this patient's chart knows, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: text, places, language.")
@click.option("--input", "source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--output", "target", type=click.Path(path_type=Path, dir_okay=False))
def scrub(
    *,
    file: Path | None,
    patient: str | None,
    as_json: bool,
    source: Path | None,
    target: Path | None,
) -> int:
    """Take what identifies out of FILE (- or none: standard input), and print the rest.

    With --input and --output: JSON lines {"id", "text", "record"} in, {"id", "text", "spans",
    "language", "refused"} out, in the same order; "record" is what is known of the patient, "spans"
    are places in the text that was given. A text of which the gate doubts that it is clean is not
    shown; one FILE then ends with exit code 1.
    """
    loaded = settings.load()
    if source is None and target is None:
        return _one(loaded, file, patient, as_json=as_json)
    if source is None or target is None or file is not None:
        raise BadInputError("Give --input and --output together, without FILE.")
    return _many(loaded, source, target, patient)


def _one(loaded: Settings, file: Path | None, patient: str | None, *, as_json: bool) -> int:
    text = _read(file)
    known = _known(loaded, patient)
    done = scrubbed(text, _key(loaded), known=known, patient=patient)
    if as_json:
        click.echo(json.dumps({**_shown(done), "counts": done.counts}, ensure_ascii=False))
    elif done.text is not None:
        click.echo(done.text, nl=False)
    if done.refused is not None:
        click.echo(f"careflow: the text is not shown. {done.refused}", err=True)
        return _REFUSED
    return 0


def _many(loaded: Settings, source: Path, target: Path, patient: str | None) -> int:
    try:
        lines = [line for line in source.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise BadInputError(f"{source} cannot be read: {error.strerror}.") from error
    key, chart = _key(loaded), _known(loaded, patient)
    partial = target.with_name(target.name + ".partial")
    refused = 0
    try:
        with partial.open("w", encoding="utf-8") as out, _bar(len(lines)) as bar:
            for number, line in enumerate(lines, 1):
                given = _line(line, number)
                known = known_of(given.record) if given.record else chart
                done = scrubbed(given.text, key, known=known, patient=patient)
                refused += done.refused is not None
                shown = {"id": given.id, **_shown(done)}
                out.write(json.dumps(shown, ensure_ascii=False) + "\n")
                bar.update(1)
        partial.replace(target)
    except OSError as error:
        raise BadInputError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    click.echo(f"{len(lines):,} scrubbed, of which {refused:,} are not shown")
    return 0


def _line(line: bytes, number: int) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f'Line {number} is not {{"id": …, "text": …}}: nothing was written.'
        raise BadInputError(message) from error


def _shown(done: Scrubbed) -> Json:
    shown: Json = {
        "text": done.text,
        "spans": [asdict(one) for one in done.found],
        "language": done.language,
    }
    return shown if done.refused is None else {**shown, "refused": done.refused}


def _read(file: Path | None) -> str:
    if file is None or str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file} is not text in UTF-8.") from error


def _known(loaded: Settings, patient: str | None) -> Known:
    """Return what the chart knows; no database is opened where no patient is named."""
    if patient is None:
        return NOBODY
    known = asyncio.run(chart_known_to_ai(loaded, patient))
    if known == NOBODY:
        raise NotFoundError(f"No chart has the id {patient}.")
    return known


def _key(loaded: Settings) -> bytes:
    """Return the clinic's key, or where there is none yet one for this run alone."""
    if loaded.master_key is None and not loaded.key_file.exists():
        return secrets.token_bytes(settings.MASTER_KEY_BYTES)
    return settings.master_key(loaded)


@contextmanager
def _bar(length: int) -> Iterator[click._termui_impl.ProgressBar[int]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    with click.progressbar(
        length=length, label="Scrubbing", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield bar
