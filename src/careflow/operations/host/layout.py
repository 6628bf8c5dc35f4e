"""Where things lie on a host. The defaults are a host's; on loopback all lies in one folder."""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = ("blue", "green")
"""Two places for a release: one serves, the other takes the next."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders, ports and users.

    Attributes:
        api: Where the API listens, as a unit says it: a path, or address and port.
        nodes: API processes that the proxy balances over; the one at ``api`` if none is named.
    """

    programs: str = "/opt/careflow"
    state: str = "/var/lib/careflow"
    keys: str = "/var/lib/careflow-keys"
    config: str = "/etc/careflow"
    scripts: str = "/usr/local/lib/careflow"
    secrets: str = "/run/careflow-secrets"
    api: str = "/run/careflow/api.sock"
    redis: str = "/run/careflow-redis/redis.sock"
    proxy_state: str = "/var/lib/nginx"
    proxy_log: str = "/var/log/careflow-nginx"
    proxy_pid: str = "/run/nginx.pid"
    proxy_user: str = "www-data"
    https_port: int = 443
    http_port: int = 80
    nodes: tuple[str, ...] = ()
