"""What scheduling queues and messaging handles: somebody is to be told something of a visit."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, Literal

NOTICE: Final = "messages.notice"
"""The job's name."""

NoticeKind = Literal["booked", "moved", "cancelled", "reminder", "choose", "offer", "offer-lost"]


def notice_id(visit: str, sequence: int, kind: NoticeKind, about: str) -> str:
    """Return what a notice is known by, so that the same one is never queued or sent twice."""
    name = f"{visit}/{sequence}/{kind}/{about}".encode()
    return f"notice-{blake2b(name, digest_size=16).hexdigest()}"
