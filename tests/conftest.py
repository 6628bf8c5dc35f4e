"""What holds for every test: browser tests come last."""

from __future__ import annotations

from pathlib import Path

import pytest

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put browser tests at the end.

    Playwright's synchronous interface keeps an event loop running in this thread until the session
    ends, and asynchronous tests cannot start another beside it.
    """
    items.sort(key=lambda item: BROWSER in item.path.parents)
