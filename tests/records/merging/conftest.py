"""Merging runs on every database."""

from __future__ import annotations

from tests.contracts.conftest import clock, documents, engine, open_again

__all__ = ["clock", "documents", "engine", "open_again"]
