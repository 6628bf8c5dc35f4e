"""One count for each clinician, room and device: whoever changes their time moves it on.

What was checked beforehand (buffers, daily limits, hours, leave) still holds when the commit comes,
because the count is at the value that was read; otherwise the check is made again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from weakref import WeakKeyDictionary

from careflow.database.documents import Documents, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work

AGENDA: Final = "visit-agenda"

_moved: WeakKeyDictionary[Work, set[str]] = WeakKeyDictionary()
"""Whose count a unit of work has moved already: once is enough."""


async def move_on(
    documents: Documents, work: Work, resources: Iterable[str], organisation: str
) -> None:
    """Stage that the time of these changes; to be awaited before their time is looked at."""
    moved = _moved.setdefault(work, set())
    scope = organisation_scope(organisation)
    for resource in sorted(set(resources) - moved):
        id = resource.replace("/", ".")
        found = await documents.read(AGENDA, id, scope)
        version = found.version if found else 0
        work.put(Put(AGENDA, id, b"{}", organisation, expected=version, keep_history=False))
        moved.add(resource)
