"""What each role may do: one table, read by routes, verbs and the permissions matrix."""

from __future__ import annotations

from typing import ClassVar, Literal

from careflow.errors import NotAllowedError
from careflow.identity.actor import Actor, Role

Permission = Literal[
    "account:own",
    "accounts:link",
    "accounts:read",
    "accounts:write",
    "ai:manage",
    "ai:run",
    "assistant:use",
    "audit:read",
    "cards:read",
    "chart:read",
    "clients:write",
    "draft:edit",
    "draft:read",
    "draft:sign",
    "emergency:open",
    "emergency:review",
    "fhir:use",
    "inbox:read",
    "inbox:write",
    "job:read",
    "messages:answer",
    "messages:own",
    "patients:find",
    "patients:merge",
    "patients:register",
    "plan:read",
    "portal:read",
    "schedule:manage",
    "schedule:read",
    "visits:own",
    "visits:write",
]
"""``subject:act``. ``account:own`` is one's own sign-in: password, second factor, sessions;
``cards:read`` is what each AI task is and how well it does; ``fhir:use`` opens the record's API,
where :mod:`careflow.identity.access` decides by type."""

_EVERYONE: frozenset[Permission] = frozenset({"account:own", "cards:read", "fhir:use"})
_DESK: frozenset[Permission] = _EVERYONE | {
    "accounts:link",
    "inbox:read",
    "inbox:write",
    "job:read",
    "patients:find",
    "patients:register",
    "schedule:read",
    "visits:write",
}
_CARE: frozenset[Permission] = _DESK | {
    "ai:run",
    "chart:read",
    "draft:edit",
    "draft:read",
    "emergency:open",
    "messages:answer",
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: _EVERYONE | {"assistant:use", "messages:own", "portal:read", "visits:own"},
    Role.RECEPTIONIST: _DESK | {"patients:merge", "schedule:manage"},
    Role.NURSE: _CARE,
    Role.CLINICIAN: _CARE | {"draft:sign", "patients:merge", "schedule:manage"},
    # Runs the clinic's accounts, reads its trail and plans what it runs on; sees no chart.
    Role.ADMIN: _EVERYONE
    | {
        "accounts:read",
        "accounts:write",
        "ai:manage",
        "audit:read",
        "clients:write",
        "emergency:review",
        "job:read",
        "plan:read",
        "schedule:manage",
    },
    # A program has no own account; its scopes say what it may do with the record.
    Role.MACHINE: frozenset({"fhir:use"}),
}


class PermissionMissingError(NotAllowedError):
    """The role does not include what was asked."""

    code: ClassVar[str] = "identity-permission-missing"

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"Your role does not allow this ({permission}).")
        self.permission = permission


def may(actor: Actor, permission: Permission) -> bool:
    """Report whether the actor's role includes the permission."""
    return permission in ROLE_PERMISSIONS[actor.role]


def require(actor: Actor, permission: Permission) -> None:
    """Return if the actor may, or raise :class:`PermissionMissingError`."""
    if not may(actor, permission):
        raise PermissionMissingError(permission)
