"""``careflow deploy``: what a host is given, and rolling one release over to the next."""

from __future__ import annotations

from pathlib import Path

import click

from careflow import settings
from careflow.cli import deploy_stacks
from careflow.composition.hosting import check_reachable
from careflow.errors import BadInputError
from careflow.operations.host import rolling
from careflow.operations.host.bundle import check_bundle, digest_of
from careflow.operations.host.cloud_init import Boot
from careflow.operations.host.description import Host, host_of
from careflow.operations.host.layout import Layout
from careflow.operations.host.systemd import Systemd
from careflow.operations.host.tree import render, write_tree
from careflow.settings import PREFIX

_FILE = click.Path(path_type=Path, dir_okay=False)
_HIDDEN = ("certificate", "certificate-key")


@click.group("deploy")
def deploy_command() -> None:
    """Put the platform on hosts, and roll releases."""


@deploy_command.command("host")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--description", type=_FILE, help="JSON of the host, instead of the options below.")
@click.option("--domain", default="", help="The name people's browsers ask for.")
@click.option("--certificate", default="", help="Path of its certificate's chain on the host.")
@click.option("--certificate-key", default="", help="Path of the certificate's key on the host.")
@click.option("--architecture", default="production", show_default=True)
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A setting; repeatable.")
@click.option(
    "--secret", "secrets", multiple=True, metavar="NAME=PATH",
    help="A secret, such as database-url, and the file that holds it on the host; repeatable.",
)  # fmt: skip
@click.option("--redis", is_flag=True, help="Run Redis on a socket, and jobs in workers.")
@click.option("--workers", default=0, type=click.IntRange(0, 64), help="Jobs at once in workers.")
@click.option("--bundle", type=_FILE, help="The release, for the first start.")
@click.option("--digest", help="The SHA-256 it must have.")
def host(
    *,
    folder: Path,
    description: Path | None,
    given: tuple[str, ...],
    secrets: tuple[str, ...],
    bundle: Path | None,
    digest: str | None,
    **words: str | int | bool,
) -> None:
    """Render the whole tree of one Debian or Ubuntu host: units, proxy, upkeep, first start.

    The same units serve on AWS and on a server in the practice. Nothing is written unless all of it
    can be.
    """
    if description is not None:
        described = host_of(description.read_bytes())
    else:
        described = Host(settings=_pairs(given), secrets=_pairs(secrets), **words)  # type: ignore[arg-type] # click checked them
    _check(described)
    boot = None
    if bundle is not None:
        check_bundle(bundle, digest or "")
        boot = Boot(f"/root/{bundle.name}", digest_of(bundle))
    tree = render(described, boot=boot)
    write_tree(tree, folder)
    click.echo(f"Rendered {len(tree)} files for {described.domain} into {folder}.")


@deploy_command.command("roll")
@click.argument("release", required=False)
@click.option("--back", is_flag=True, help="Serve the release before this one again.")
def roll(*, release: str | None, back: bool) -> None:
    """Serve RELEASE, which lies on this host, without losing a request.

    It starts beside the one that serves, on the same socket; that one stops only when the new says
    that it is ready. What does not start changes nothing.
    """
    if back == (release is not None):
        raise BadInputError("Name a release, or --back.")
    layout = Layout()
    has_workers = Path("/etc/systemd/system/careflow-worker@.service").exists()
    rolled = rolling.Host(Systemd(), layout, has_workers=has_workers)
    colour = rolling.roll(rolled, release) if release else rolling.roll_back(rolled)
    click.echo(f"{colour.capitalize()} serves.")


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise BadInputError(f"Write {name or one!r} as NAME=VALUE.")
        pairs[name] = value
    return pairs


def _check(host: Host) -> None:
    """Have the settings read as the host will read them, so that a bad one stops here."""
    shown = {name: value for name, value in host.settings.items() if not name.endswith("_FILE")}
    loaded = settings.load(shown, file=Path("none.toml"))
    loaded.zone()
    addresses = [loaded.database_url] if f"{PREFIX}DATABASE_URL" in shown else []
    secret = Path(host.secrets.get("database-url", ""))
    if host.region is None and secret.is_file():
        addresses.append(secret.read_text("utf-8").strip())
    for address in addresses:
        check_reachable(address)


for _each in deploy_stacks.COMMANDS:
    deploy_command.add_command(_each)
