"""Every drawn report with its truth, and the fingerprint that keeps them from changing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.ai.report_layouts.long_tables import long_tables
from tests.ai.report_layouts.other_papers import other_papers
from tests.ai.report_layouts.plain_lists import plain_lists
from tests.ai.report_layouts.ruled_tables import ruled_tables
from tests.ai.report_layouts.scans import scans
from tests.ai.report_layouts.truth import Report
from tests.ai.report_layouts.two_columns import two_columns

FOLDER = Path(__file__).parent


def text_reports() -> list[Report]:
    """The reports a program printed to PDF: their words can be taken from the file."""
    return [*ruled_tables(), *long_tables(), *plain_lists(), *two_columns(), *other_papers()]


def scanned_reports(names: Sequence[str] | None = None) -> list[Report]:
    """The reports that are pictures, all or those named."""
    return scans(names)


def all_reports() -> list[Report]:
    return [*text_reports(), *scanned_reports()]


def truth_text() -> str:
    """Everything the truths say, a JSON object per line: the text of `truth.jsonl`."""
    lines = []
    for report in all_reports():
        truth = asdict(report.truth)
        rows, hidden = truth.pop("rows"), truth.pop("unreadable")
        lines.append({"layout": report.layout, "family": report.family, **truth})
        lines.extend({"layout": report.layout, "row": row} for row in rows)
        lines.extend({"layout": report.layout, "unreadable": item} for item in hidden)
    return "".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)


def fingerprints() -> dict[str, str]:
    """SHA-256 of each drawing source, and of everything the truths say."""
    texts = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.py"))}
    texts["truth.jsonl"] = truth_text().encode()
    return {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}


def freeze() -> None:
    """Write the truths and the fingerprints down: for an error in a truth, and nothing else."""
    (FOLDER / "truth.jsonl").write_text(truth_text(), encoding="utf-8")
    (FOLDER / "FROZEN").write_text(json.dumps(fingerprints(), indent=2) + "\n")
