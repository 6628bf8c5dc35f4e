"""The room put together: what a platform builds once and hands to its edges."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.identity.accounts import Accounts
from careflow.identity.assertions import Assertions
from careflow.identity.authenticate import Authenticator
from careflow.identity.clients import Clients
from careflow.identity.cookies import CsrfTokens
from careflow.identity.emergency import Emergencies
from careflow.identity.panels import Panels
from careflow.identity.passwords import COST_DEFAULT, Passwords
from careflow.identity.second_factor import SecondFactors
from careflow.identity.sessions import Lifetimes, Sessions
from careflow.identity.sign_in import SignIn
from careflow.identity.slowing import Slowing
from careflow.identity.tokens import AccessTokens
from careflow.ids import Mint
from careflow.keys import derive


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything that edges need of this room.

    Attributes:
        demo: Whether this is the synthetic clinic, so that screens can say so.
        origin: Scheme and host as clients see them, where that is settled.
    """

    documents: Documents
    organisation: str
    clock: Clock
    accounts: Accounts
    sessions: Sessions
    tokens: AccessTokens
    clients: Clients
    assertions: Assertions
    second_factors: SecondFactors
    slowing: Slowing
    sign_in: SignIn
    csrf: CsrfTokens
    emergencies: Emergencies
    authenticator: Authenticator
    demo: bool = False
    origin: str | None = None


def build_identity(
    documents: Documents,
    *,
    master_key: bytes,
    organisation: str,
    clock: Clock,
    mint: Mint,
    require_second_factor: bool,
    issuer: str = "CareFlowAI",
    password_cost: int = COST_DEFAULT,
    lifetimes: Lifetimes | None = None,
    own_patients_only: bool = False,
    demo: bool = False,
    origin: str | None = None,
) -> Identity:
    """Return the room for one organisation.

    ``master_key`` is at least 32 bytes from outside the database; every key here is derived from
    it. With ``require_second_factor`` staff who have none may only enrol one; with
    ``own_patients_only`` nurses and clinicians see the patients in their care. ``issuer`` is the
    name that an authenticator app shows, ``password_cost`` bcrypt's work factor.
    """
    passwords = Passwords(cost=password_cost)
    accounts = Accounts(
        documents, organisation=organisation, passwords=passwords, clock=clock, mint=mint
    )
    sessions = Sessions(
        documents,
        accounts,
        key=derive(master_key, "refresh tokens"),
        clock=clock,
        mint=mint,
        lifetimes=lifetimes or Lifetimes(),
    )
    tokens = AccessTokens(derive(master_key, "access tokens"), mint=mint)
    clients = Clients(documents, organisation=organisation, clock=clock, mint=mint)
    csrf = CsrfTokens(derive(master_key, "csrf"))
    emergencies = Emergencies(documents, organisation=organisation, clock=clock, mint=mint)
    panels = Panels(
        documents,
        emergencies,
        organisation=organisation,
        clock=clock,
        limits_all=own_patients_only,
    )
    return Identity(
        documents=documents,
        organisation=organisation,
        clock=clock,
        accounts=accounts,
        sessions=sessions,
        tokens=tokens,
        clients=clients,
        assertions=Assertions(documents, organisation=organisation, clock=clock),
        second_factors=SecondFactors(
            accounts,
            seal_key=derive(master_key, "second factor"),
            recovery_key=derive(master_key, "recovery codes"),
            issuer=issuer,
            clock=clock,
        ),
        slowing=Slowing(documents, organisation=organisation, clock=clock),
        sign_in=SignIn(
            accounts,
            challenge_key=derive(master_key, "challenge"),
            require_second_factor=require_second_factor,
            clock=clock,
        ),
        csrf=csrf,
        emergencies=emergencies,
        authenticator=Authenticator(
            tokens=tokens,
            sessions=sessions,
            clients=clients,
            csrf=csrf,
            panels=panels,
            organisation=organisation,
            clock=clock,
        ),
        demo=demo,
        origin=origin,
    )
