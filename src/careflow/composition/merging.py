"""Merging over one platform: what must be settled before a record is given up."""

from __future__ import annotations

from typing import Final

from careflow.ai import drafts
from careflow.clock import Clock
from careflow.database.conditions import TermIn
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.identity.accounts import Accounts
from careflow.ids import Mint
from careflow.records import paper
from careflow.records.merging.merging import Merging
from careflow.records.store import Records
from careflow.scheduling.waitlist.stored import Waitlist

_UNSIGNED: Final = ("draft", "reviewed")


def build_merging(
    records: Records, accounts: Accounts, organisation: str, clock: Clock, mint: Mint
) -> Merging:
    """Build merging; papers, drafts and the waiting list name patients by themselves."""
    documents = records.documents
    open_kinds = ((paper.KIND, tuple(sorted(paper.OPEN))), (drafts.KIND, _UNSIGNED))
    waitlist = Waitlist(documents, organisation)

    async def is_open(patient: str) -> bool:
        """Report whether something waits for a decision about a patient."""
        for kind, statuses in open_kinds:
            asked = (TermIn("patient", (patient,)), TermIn("status", statuses))
            page = await documents.find(
                Query(kind, asked, count=1), organisation_scope(organisation)
            )
            if page.documents:
                return True
        return any(one.patient == patient for one in await waitlist.waiting())

    return Merging(records, accounts, is_open, organisation, clock, mint)
