"""What people say of drafts: unsafe, wrong or useful; for those who answer for AI."""

from __future__ import annotations

from typing import Literal

import msgspec

REPORTS = "ai-report"
ReportKind = Literal["unsafe", "wrong", "useful"]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a draft.

    Attributes:
        at: ISO 8601.
        text: Their words: only those who answer for AI see them.
    """

    at: str
    draft: str
    task: str
    kind: ReportKind
    by: str
    text: str | None = None
