"""Keeps who answers for sending patients' data elsewhere, before the first of them goes."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from careflow.ai.policy import Rule
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Put, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work

KIND: Final = "ai-attestation"


class Attestations:
    """The rows of the policy that patients' data were sent by, each kept once."""

    def __init__(self, documents: Documents, *, organisation: str, clock: Clock) -> None:
        self._documents = documents
        self._organisation = organisation
        self._clock = clock
        self._kept: set[str] = set()

    async def keep(self, rule: Rule) -> None:
        """Store a row and its entry in the trail, unless they are there."""
        body = msgspec.json.encode(rule)
        id = hashlib.sha256(body).hexdigest()[:32]
        if id in self._kept:
            return
        scope = organisation_scope(self._organisation)
        if await self._documents.read(KIND, id, scope) is None:
            await self._store(id, body, rule)
        self._kept.add(id)

    async def _store(self, id: str, body: bytes, rule: Rule) -> None:
        try:
            async with Work(self._documents) as work:
                work.put(Put(KIND, id, body, self._organisation, expected=0))
                record(work, self._entry(id, rule))
        except VersionMismatchError:
            # Another process was first, with the same row.
            return

    def _entry(self, id: str, rule: Rule) -> AuditEntry:
        return AuditEntry(
            at=self._clock(),
            action="ai:policy:attest",
            organisation=self._organisation,
            actor="operator",
            role="admin",
            subjects=(f"{KIND}/{id}", f"ai-engine/{rule.engine}"),
            reason=(
                f"{rule.attested_by}, {rule.attested_on}, text {rule.attested_text},"
                f" {rule.agreement}, for {', '.join(rule.tasks)}"
            ),
        )
