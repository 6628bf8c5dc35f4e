"""``careflow users`` and ``careflow clients``."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path

import click

from careflow.cli.platform import with_platform
from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.account import AccountNotFoundError
from careflow.identity.actor import Role
from careflow.identity.assertions import public_keys

KEYS = click.Path(path_type=Path, exists=True, dir_okay=False)
_PEOPLE = [role.value for role in Role if role is not Role.MACHINE]


@click.group("users")
def users_command() -> None:
    """Add, list and disable people's accounts."""


@users_command.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that people read.")
@click.option("--role", type=click.Choice(_PEOPLE), required=True)
@click.option("--patient", help="The patient's own record, for role patient.")
@click.option("--practitioner", help="The person's Practitioner resource, for clinical staff.")
@click.option("--own-patients-only", is_flag=True, help="See only the patients in their care.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_user(
    *,
    email: str,
    name: str,
    role: str,
    patient: str | None,
    practitioner: str | None,
    own_patients_only: bool,
    password_stdin: bool,
) -> None:
    """Add an account; without --password-stdin a first password is made and shown once."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)

    async def add(platform: Platform) -> None:
        async with Work(platform.documents) as work:
            await platform.identity.accounts.add(
                work,
                email=email,
                name=name,
                role=Role(role),
                password=password,
                by=None,
                patient_id=patient,
                practitioner_id=practitioner,
                own_patients_only=own_patients_only,
            )

    with_platform(add)
    click.echo(f"Added {email} as {role}.")
    if not password_stdin:
        click.echo(f"First password (shown once): {password}")


@users_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_users(*, as_json: bool) -> None:
    """List accounts with their roles."""

    async def listed(platform: Platform) -> list[dict[str, object]]:
        return [
            {
                "id": account.id,
                "email": account.email,
                "name": account.name,
                "role": account.role.value,
                "disabled": account.disabled_at is not None,
            }
            for account in await platform.identity.accounts.listed()
        ]

    _print(with_platform(listed), as_json=as_json)


@users_command.command("disable")
@click.argument("email")
def disable_user(email: str) -> None:
    """Disable an account; its sessions are dead within five seconds."""

    async def disable(platform: Platform) -> None:
        account = await platform.identity.accounts.find_by_email(email)
        if account is None:
            raise AccountNotFoundError
        async with Work(platform.documents) as work:
            await platform.identity.accounts.disable(work, account.id, by=None)

    with_platform(disable)
    click.echo(f"Disabled {email}.")


@users_command.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(_PEOPLE))
def set_role(email: str, role: str) -> None:
    """Change an account's role; the last administrator cannot be demoted."""

    async def change(platform: Platform) -> None:
        account = await platform.identity.accounts.find_by_email(email)
        if account is None:
            raise AccountNotFoundError
        async with Work(platform.documents) as work:
            await platform.identity.accounts.set_role(work, account.id, Role(role), by=None)

    with_platform(change)
    click.echo(f"{email} is now {role}.")


@click.group("clients")
def clients_command() -> None:
    """Add and list machine clients."""


@clients_command.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="e.g. system/*.rs")
@click.option("--patient", help="The one patient that its patient/ scopes reach.")
@click.option("--keys", type=KEYS, help="Its public keys (JWKS): it has no secret then.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def add_client(
    *, name: str, scopes: tuple[str, ...], patient: str | None, keys: Path | None, as_json: bool
) -> None:
    """Add a machine client; its secret is shown once, or it signs with a key of its own."""
    read = public_keys(keys.read_bytes()) if keys else ()

    async def add(platform: Platform) -> dict[str, object]:
        async with Work(platform.documents) as work:
            made = await platform.identity.clients.add(
                work,
                name=name,
                scopes=scopes,
                by=None,
                patient_id=patient,
                keys=read,
            )
        secret = {"client_secret": made.secret} if made.secret else {}
        return {"client_id": made.client.id} | secret | {"scopes": sorted(made.client.scopes)}

    _print([with_platform(add)], as_json=as_json)


@clients_command.command("keys")
@click.argument("client_id")
@click.argument("keys", type=KEYS)
def replace_keys(*, client_id: str, keys: Path) -> None:
    """Replace the public keys (JWKS) of a machine client; a secret it had ends."""
    read = public_keys(keys.read_bytes())

    async def change(platform: Platform) -> None:
        async with Work(platform.documents) as work:
            await platform.identity.clients.replace_keys(work, client_id, read, by=None)

    with_platform(change)
    click.echo(f"{client_id} proves itself by these keys now.")


@clients_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_clients(*, as_json: bool) -> None:
    """List machine clients."""

    async def listed(platform: Platform) -> list[dict[str, object]]:
        return [
            {
                "client_id": client.id,
                "name": client.name,
                "scopes": sorted(client.scopes),
                "disabled": client.disabled_at is not None,
            }
            for client in await platform.identity.clients.listed()
        ]

    _print(with_platform(listed), as_json=as_json)


def _print(rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("  ".join(f"{name}: {_text(value)}" for name, value in row.items()))


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
