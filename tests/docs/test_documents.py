"""What the documents say is true: commands exist, links lead somewhere, claims have tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from careflow.cli.command import LazyGroup

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: page.as_posix()
)


def verbs() -> set[str]:
    """Return the targets that the Makefile declares."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert declared is not None
    return set(declared[1].split())


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", document.read_text(encoding="utf-8"))

    missing = [link for link in links if not (document.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_are_named_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    made = set(re.findall(r"`?\bmake ([a-z]+)\b(?=[`\s]|$)", _code(text)))
    used = set(re.findall(r"\bcareflow ([a-z][a-z-]+)", _code(text)))

    assert made <= verbs()
    assert used - {"serve", "demo"} <= set(LazyGroup.verbs)


def _code(text: str) -> str:
    """Return what stands in code blocks and code spans."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def test_every_claim_of_the_readme_has_tests_behind_it() -> None:
    works = tomllib.loads((ROOT / "docs" / "what-works.toml").read_text(encoding="utf-8"))["works"]

    for one in works:
        for place in one["tests"]:
            found = list(ROOT.glob(f"{place}*")) if not place.endswith("/") else [ROOT / place]
            assert found, place
            assert all(path.exists() for path in found), place


def test_every_decision_has_its_five_parts() -> None:
    parts = ("## Context", "## Decision", "## Consequences", "## Alternatives", "## The check")
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert all(part in text for part in parts), page.name
