"""Accounts as they lie in the store: found, read, and written over the version that was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.conditions import TermIn
from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.account import Account, AccountNotFoundError, normal_email
from careflow.identity.actor import Actor

KIND = "account"
_LISTED = 1000

Change = Callable[[Account], Account]


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account and the version it was read at."""

    account: Account
    version: int


class StoredAccounts:
    """Accounts of one organisation, without a rule of who may do what to them."""

    def __init__(self, documents: Documents, *, organisation: str, clock: Clock) -> None:
        self.organisation = organisation
        self._documents = documents
        self._scope = organisation_scope(organisation)
        self._clock = clock

    async def read(self, id: str) -> StoredAccount:
        """Return an account, or raise :class:`AccountNotFoundError`."""
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            raise AccountNotFoundError
        return StoredAccount(msgspec.json.decode(document.body, type=Account), document.version)

    async def find_by_email(self, email: str) -> Account | None:
        """Return the account with this address, whatever its case, or ``None``."""
        found = await self._with_term("email", normal_email(email))
        return found[0] if found else None

    async def listed(self) -> list[Account]:
        """Return every account, by e-mail; for administrators and the command line."""
        query = Query(kind=KIND, count=_LISTED)
        found: list[Account] = []
        while True:
            page = await self._documents.find(query, self._scope)
            found += [msgspec.json.decode(d.body, type=Account) for d in page.documents]
            if page.next is None:
                return sorted(found, key=lambda account: account.email)
            query = msgspec.structs.replace(query, cursor=page.next)

    async def _with_term(self, parameter: str, value: str) -> list[Account]:
        query = Query(kind=KIND, conditions=(TermIn(parameter, (value,)),), count=_LISTED)
        page = await self._documents.find(query, self._scope)
        return [msgspec.json.decode(d.body, type=Account) for d in page.documents]

    async def change(self, work: Work, id: str, change: Change) -> Account:
        """Stage a changed account over the version just read, or the commit fails.

        Use the named verbs; this is theirs and the second factor's.
        """
        stored = await self.read(id)
        account = change(stored.account)
        self._put(work, account, expected=stored.version)
        return account

    def _put(self, work: Work, account: Account, *, expected: int) -> None:
        terms = (("email", account.email), ("role", str(account.role)))
        work.put(
            Put(
                kind=KIND,
                id=account.id,
                body=msgspec.json.encode(account),
                organisation=account.organisation,
                entries=Entries(terms=terms),
                expected=expected,
                # An old password hash or secret is of no use to anyone honest.
                keep_history=False,
            )
        )

    def note(
        self,
        work: Work,
        action: str,
        account: Account,
        *,
        by: Actor | None,
        reason: str | None = None,
    ) -> None:
        """Stage the audit entry of something done to an account."""
        record(
            work,
            AuditEntry(
                at=self._clock(),
                action=action,
                organisation=self.organisation,
                actor=by.id if by else "operator",
                role=by.role if by else "operator",
                patients=(account.patient_id,) if account.patient_id else (),
                subjects=(f"account/{account.id}",),
                reason=reason,
            ),
        )
