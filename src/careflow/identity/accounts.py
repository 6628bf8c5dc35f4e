"""The verbs of accounts. Staff are added by an administrator or the operator; never by themselves.

Public sign-up makes patients only: :meth:`Accounts.sign_up` has no role to ask for.
"""

from __future__ import annotations

from dataclasses import replace

from careflow.clock import Clock
from careflow.database.documents import Claim, Documents, Put
from careflow.database.work import Work
from careflow.identity.access import scope_of
from careflow.identity.account import (
    Account,
    EmailTakenError,
    LastAdminError,
    NotAPersonsRoleError,
    WrongPatientError,
    clean_name,
    normal_email,
)
from careflow.identity.actor import Actor, Role
from careflow.identity.passwords import Passwords, check_rule
from careflow.identity.permissions import require
from careflow.identity.stored_accounts import StoredAccounts
from careflow.ids import Mint

_ROSTER = "admins"


class Accounts(StoredAccounts):
    """Accounts of one organisation.

    ``by`` is who asks; ``None`` means the operator at the command line, who holds the master key.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        organisation: str,
        passwords: Passwords,
        clock: Clock,
        mint: Mint,
    ) -> None:
        super().__init__(documents, organisation=organisation, clock=clock)
        self.passwords = passwords
        self._mint = mint

    # --- beginning -------------------------------------------------------------------------

    async def add(
        self,
        work: Work,
        *,
        email: str,
        name: str,
        role: Role,
        password: str,
        by: Actor | None,
        patient_id: str | None = None,
        practitioner_id: str | None = None,
        own_patients_only: bool = False,
    ) -> Account:
        """Stage a new account of any person's role.

        Two additions of one address race on a unique claim: the second commit fails with
        :class:`careflow.database.documents.ClaimTakenError`.

        Raises:
            careflow.identity.permissions.PermissionMissingError: ``by`` is not an administrator.
            EmailTakenError: The address is in use.
            careflow.identity.passwords.WeakPasswordError: The password breaks the rule.
        """
        if by is not None:
            require(by, "accounts:write")
        if role is Role.MACHINE:
            raise NotAPersonsRoleError
        if patient_id is not None and role is not Role.PATIENT:
            raise WrongPatientError
        if await self.find_by_email(email) is not None:
            raise EmailTakenError
        account = await self._made(
            email, name, role, password, patient_id=patient_id, practitioner_id=practitioner_id
        )
        account = replace(account, own_patients_only=own_patients_only)
        self._stage_new(work, account, by=by)
        return account

    async def sign_up(self, work: Work, *, email: str, name: str, password: str) -> None:
        """Stage a patient's account without a record; staff link the record later.

        A taken address stages nothing and looks the same, the work of the hash included, so that
        nobody learns who is a patient here.
        """
        account = await self._made(email, name, Role.PATIENT, password)
        if await self.find_by_email(email) is None:
            self._stage_new(work, account, by=account.actor(session=""))

    async def _made(
        self,
        email: str,
        name: str,
        role: Role,
        password: str,
        *,
        patient_id: str | None = None,
        practitioner_id: str | None = None,
    ) -> Account:
        address = normal_email(email)
        tidy = clean_name(name)
        check_rule(password, email=address)
        return Account(
            id=self._mint(),
            organisation=self.organisation,
            email=address,
            name=tidy,
            role=role,
            password_hash=await self.passwords.hash(password),
            created_at=self._clock(),
            patient_id=patient_id,
            practitioner_id=practitioner_id,
        )

    def _stage_new(self, work: Work, account: Account, *, by: Actor | None) -> None:
        work.claim(Claim(self.organisation, f"account-email:{account.email}", account.id))
        self._put(work, account, expected=0)
        self.note(work, "identity:account:create", account, by=by, reason=f"role {account.role}")

    # --- changing --------------------------------------------------------------------------

    async def set_role(self, work: Work, id: str, role: Role, *, by: Actor | None) -> Account:
        """Stage another role; every session of the account ends.

        Raises:
            LastAdminError: It is the last administrator's.
        """
        if by is not None:
            require(by, "accounts:write")
        if role is Role.MACHINE:
            raise NotAPersonsRoleError
        before = (await self.read(id)).account
        if before.role is role:
            return before
        if before.role is Role.ADMIN:
            await self._keep_an_admin(work, id)
        after = await self.change(work, id, lambda account: _ended(replace(account, role=role)))
        reason = f"role {before.role} to {role}"
        self.note(work, "identity:account:role", after, by=by, reason=reason)
        return after

    async def disable(self, work: Work, id: str, *, by: Actor | None) -> Account:
        """Stage that nobody signs in with the account any more; its sessions end.

        Raises:
            LastAdminError: It is the last administrator's.
        """
        if by is not None:
            require(by, "accounts:write")
        before = (await self.read(id)).account
        if before.disabled:
            return before
        if before.role is Role.ADMIN:
            await self._keep_an_admin(work, id)
        at = self._clock()
        after = await self.change(work, id, lambda acc: _ended(replace(acc, disabled_at=at)))
        self.note(work, "identity:account:disable", after, by=by)
        return after

    async def enable(self, work: Work, id: str, *, by: Actor | None) -> Account:
        """Stage that a disabled account may sign in again."""
        if by is not None:
            require(by, "accounts:write")
        after = await self.change(work, id, lambda acc: replace(acc, disabled_at=None))
        self.note(work, "identity:account:enable", after, by=by)
        return after

    async def set_password(
        self, work: Work, id: str, password: str, *, by: Actor | None
    ) -> Account:
        """Stage a new password; every session of the account ends, the asker's own included."""
        if by is not None and by.id != id:
            require(by, "accounts:write")
        check_rule(password, email=(await self.read(id)).account.email)
        kept = await self.passwords.hash(password)
        after = await self.change(work, id, lambda acc: _ended(replace(acc, password_hash=kept)))
        self.note(work, "identity:password:update", after, by=by)
        return after

    async def end_sessions(self, work: Work, id: str, *, by: Actor | None) -> Account:
        """Stage that every session of the account is over (signed out everywhere)."""
        if by is not None and by.id != id:
            require(by, "accounts:write")
        after = await self.change(work, id, _ended)
        self.note(work, "identity:sessions:revoke", after, by=by)
        return after

    async def link_patient(
        self, work: Work, id: str, patient_id: str, *, by: Actor | None
    ) -> Account:
        """Stage that the account is this patient's own; sessions of another record's end.

        Raises:
            WrongPatientError: No such patient, or the account is not a patient's.
        """
        scope = self._scope
        if by is not None:
            require(by, "accounts:link")
            scope = scope_of(by)
        before = (await self.read(id)).account
        patient = await self._documents.read("Patient", patient_id, scope)
        if before.role is not Role.PATIENT or patient is None or patient.deleted:
            raise WrongPatientError

        def linked(account: Account) -> Account:
            now = replace(account, patient_id=patient_id)
            return _ended(now) if account.patient_id not in {None, patient_id} else now

        after = await self.change(work, id, linked)
        self.note(work, "identity:account:update", after, by=by, reason="linked to a patient")
        return after

    async def _keep_an_admin(self, work: Work, id: str) -> None:
        others = [
            account
            for account in await self._with_term("role", Role.ADMIN)
            if not account.disabled and account.id != id
        ]
        if not others:
            raise LastAdminError
        # Two administrators who demote each other at once both see the other; both also write this
        # one document over the version they read, so the second commit fails.
        roster = await self._documents.read("counter", _ROSTER, self._scope)
        work.put(
            Put(
                kind="counter",
                id=_ROSTER,
                body=b"{}",
                organisation=self.organisation,
                expected=0 if roster is None else roster.version,
                keep_history=False,
            )
        )


def _ended(account: Account) -> Account:
    return replace(account, epoch=account.epoch + 1)
