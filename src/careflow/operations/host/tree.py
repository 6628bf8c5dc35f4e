"""All files of a host, and writing them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from careflow.operations.host.cloud_init import Boot, script, user_data
from careflow.operations.host.description import Host, HostRefusedError, host_json
from careflow.operations.host.layout import Layout
from careflow.operations.host.nginx import nginx_conf
from careflow.operations.host.units import settings_file, units
from careflow.operations.host.upkeep import cloudwatch, journal, redis_conf, turned_logs, updates

_CLOUDWATCH = "opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json"
_MARK = "etc/careflow/host.json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of the host."""

    text: str
    mode: int = 0o644


Tree = Mapping[str, Rendered]


def render(host: Host, layout: Layout | None = None, boot: Boot | None = None) -> Tree:
    """Return every file by its path below the root; the same for the same description."""
    layout = layout or Layout()
    files = {f"etc/systemd/system/{name}": text for name, text in units(host, layout).items()}
    files |= {
        "etc/careflow/settings.env": settings_file(host, layout),
        "etc/nginx/nginx.conf": nginx_conf(host, layout),
        "etc/apt/apt.conf.d/52careflow": updates(host),
        "etc/logrotate.d/careflow": turned_logs(layout),
        "etc/systemd/journald.conf.d/careflow.conf": journal(),
        "usr/lib/sysusers.d/careflow.conf": f'u careflow - "CareFlowAI" {layout.state}\n',
        "usr/lib/tmpfiles.d/careflow.conf": f"d {layout.proxy_log} 0750 {layout.proxy_user} adm\n",
    }
    if host.redis:
        files["etc/careflow/redis.conf"] = redis_conf(layout)
    if host.region and host.log_group:
        files[_CLOUDWATCH] = cloudwatch(host, layout)
    if host.has_own_certificate:
        files["etc/careflow/own-certificate"] = "Made by /usr/local/lib/careflow/make-certificate\n"
    if host.region and any(name.startswith("certificate") for name in host.secrets):
        files["etc/systemd/system/nginx.service.d/careflow.conf"] = (
            "[Unit]\nRequires=careflow-secrets.service\nAfter=careflow-secrets.service\n"
        )
    tree = {path: Rendered(text) for path, text in files.items()}
    tree[_MARK] = Rendered(host_json(host) + "\n", 0o600)
    tree["usr/local/sbin/careflow-release"] = Rendered(script("careflow-release"), 0o755)
    for name in ("fetch-secrets", "make-certificate"):
        tree[f"usr/local/lib/careflow/{name}"] = Rendered(script(name), 0o755)
    if boot is not None:
        tree["cloud-init.yaml"] = Rendered(user_data(boot))
    return tree


def write_tree(tree: Tree, to: Path) -> None:
    """Write a tree into the root of a host, an empty folder, or one that was rendered before.

    Each file is whole or as it was.

    Raises:
        HostRefusedError: The folder holds something else.
    """
    is_root = to.absolute() == Path("/")
    if not is_root and to.exists() and any(to.iterdir()) and not (to / _MARK).exists():
        raise HostRefusedError(f"{to} holds something else: name an empty folder, or /.")
    for path, rendered in sorted(tree.items()):
        _write(to / path, rendered)


def _write(path: Path, rendered: Rendered) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, rendered.mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), rendered.mode)
        file.write(rendered.text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
